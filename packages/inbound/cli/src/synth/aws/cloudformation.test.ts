import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { ServerlessShape } from '../serverless-shape.js';
import { cloudFormation } from './cloudformation.js';
import { dependencyCycle } from './dependencies.fixture.js';
import { specificationProblems } from './resource-specification.fixture.js';
import { anyArguments, anyShape } from './shapes.fixture.js';
import { Evaluation } from './template-evaluation.fixture.js';
import type { Resource, Template } from './template.js';

const app: ServerlessShape = {
  name: 'orders',
  runtime: 'nodejs22.x',
  queues: ['default', 'orders.fifo'],
  functions: [
    { name: 'api', role: 'api', queue: null, timeoutSeconds: 29 },
    { name: 'migrate', role: 'migrate', queue: null, timeoutSeconds: 900 },
    { name: 'schedule', role: 'schedule', queue: null, timeoutSeconds: 120 },
    { name: 'worker-default', role: 'worker', queue: 'default', timeoutSeconds: 330 },
    { name: 'worker-orders-fifo', role: 'worker', queue: 'orders.fifo', timeoutSeconds: 90 },
  ],
};

function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

const properties = <Shape>(template: Template, id: string): Shape =>
  (template.Resources[id]?.Properties ?? {}) as unknown as Shape;

interface QueueProperties {
  readonly VisibilityTimeout: number;
  readonly RedrivePolicy?: unknown;
}

describe('the template of an app', () => {
  it('has a queue, a queue of dead letters and a mapping with partial answers for each worker', () => {
    const template = cloudFormation(app);
    expect(properties<QueueProperties>(template, 'QueueDefault').RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLettersDefault', 'Arn'] },
      maxReceiveCount: 50,
    });
    const fifo = ofType(template, 'AWS::SQS::Queue').filter(
      ([, { Properties }]) => Properties['FifoQueue'] === true,
    );
    expect(fifo.map(([id]) => id.replace(/[0-9a-f]{8}$/, ''))).toEqual([
      'DeadLettersOrdersFifo',
      'QueueOrdersFifo',
    ]);
    for (const [, { Properties }] of ofType(template, 'AWS::Lambda::EventSourceMapping')) {
      expect(Properties).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: { Ref: 'WorkerConcurrency' } },
      });
    }
    expect(ofType(template, 'AWS::Lambda::EventSourceMapping')).toHaveLength(2);
  });

  it('shows messages again after six times the time of the function', () => {
    const template = cloudFormation(app);
    expect(properties<QueueProperties>(template, 'QueueDefault').VisibilityTimeout).toBe(1_980);
  });

  it('runs functions on arm64, each with a role and a log of its own', () => {
    const template = cloudFormation({ ...app, runtime: 'nodejs24.x' });
    const functions = ofType(template, 'AWS::Lambda::Function').map(([, each]) => each.Properties);
    expect(functions).toHaveLength(5);
    for (const each of functions) {
      expect(each).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x' });
    }
    const own = (property: string): number =>
      new Set(functions.map((each) => JSON.stringify(each[property]))).size;
    expect([own('Role'), own('LoggingConfig')]).toEqual([5, 5]);
  });

  it('has timers of schedules only where they are asked for', () => {
    const made = (given: Record<string, string>) =>
      new Evaluation(cloudFormation(app), { CodeKey: '1.zip', ...given }).resources;
    const ticking = made({});
    expect([...ticking.keys()].filter((id) => id.startsWith('Timer'))).toEqual([]);
    expect(JSON.stringify([...ticking.values()])).not.toContain('SCHEDULER');
    expect(ticking.get('FunctionSchedule')?.Properties).not.toHaveProperty('FunctionName');
    const timed = made({ ScheduleTimers: 'eventbridge' });
    expect([...timed.keys()].filter((id) => id.startsWith('Timer'))).toEqual([
      'TimerDeadLetters',
      'TimerGroup',
      'TimerRole',
    ]);
    const told = (id: string) => JSON.stringify(timed.get(id)?.Properties);
    for (const id of ['FunctionApi', 'FunctionSchedule'])
      expect(told(id)).toContain('TENON_SCHEDULER_TARGET_ARN');
    for (const id of ['FunctionMigrate', 'FunctionWorkerDefault'])
      expect(told(id)).not.toContain('SCHEDULER');
    expect(told('RoleApi')).toContain('iam:PassRole');
    expect(told('RoleWorkerDefault')).not.toContain('scheduler:');
  });

  it('lets the migration run with the code to come, before the others', () => {
    const keyOf = (id: string, given: Record<string, string>): unknown => {
      const { resources } = new Evaluation(cloudFormation(app), { CodeKey: '1.zip', ...given });
      return resources.get(id)?.Properties['Code'];
    };
    expect(keyOf('FunctionMigrate', {})).toMatchObject({ S3Key: '1.zip' });
    const first = { MigrateCodeKey: '2.zip' };
    expect(keyOf('FunctionMigrate', first)).toMatchObject({ S3Key: '2.zip' });
    expect(keyOf('FunctionApi', first)).toMatchObject({ S3Key: '1.zip' });
  });

  it('lets nothing call the functions while traffic is off', () => {
    const functions = [...app.functions, { ...app.functions[0]!, name: 'websocket' }];
    const shape = {
      ...app,
      functions: functions.map((each) =>
        each.name === 'websocket' ? { ...each, role: 'websocket' as const } : each,
      ),
    };
    const callers = (Traffic: string): Record<string, unknown> => {
      const { resources } = new Evaluation(cloudFormation(shape), { Traffic });
      return Object.fromEntries(
        [...resources].flatMap(([id, { Type, Properties }]) =>
          Type.endsWith('Permission') || Type.endsWith('Mapping') || Type.endsWith('Schedule')
            ? [[id, Properties['Enabled'] ?? Properties['State'] ?? 'may call']]
            : [],
        ),
      );
    };
    expect(callers('on')).toMatchObject({
      HttpPermission: 'may call',
      WebsocketPermission: 'may call',
      MappingWorkerDefault: true,
      Tick: 'ENABLED',
    });
    expect(Object.values(callers('off')).sort()).toEqual(['DISABLED', false, false]);
  });

  it('has websockets only where the app has', () => {
    const websocket = { name: 'websocket', role: 'websocket', queue: null } as const;
    const template = cloudFormation({
      ...app,
      functions: [...app.functions, { ...websocket, timeoutSeconds: 29 }],
    });
    const types = (each: Template): string[] =>
      ofType(each, 'AWS::ApiGatewayV2::Api').map(([, { Properties }]) =>
        JSON.stringify(Properties['ProtocolType']),
      );
    expect(types(template)).toEqual(['"HTTP"', '"WEBSOCKET"']);
    // Without it what the function answers is dropped.
    const { WebsocketDefault, WebsocketAnswer } = template.Resources;
    expect(WebsocketDefault?.Properties['RouteResponseSelectionExpression']).toBe('$default');
    expect(WebsocketAnswer?.Properties['RouteId']).toEqual({ Ref: 'WebsocketDefault' });
    expect(types(cloudFormation(app))).toEqual(['"HTTP"']);
    expect(JSON.stringify(cloudFormation(app))).not.toContain('Websocket');
  });

  it('makes nothing that is named as existing', () => {
    const given = { KmsKeyArn: 'arn:key', AppSecretArn: 'arn:secret' };
    const { resources } = new Evaluation(cloudFormation(app), given);
    const text = JSON.stringify([...resources]);
    expect(text).not.toMatch(/AWS::KMS::Key"|AWS::SecretsManager::Secret"|AWS::RDS/);
    expect(text).toContain('"KmsKeyArn":"arn:key"');
  });

  it('fits the resource specification, whatever the app and the parameters are', () => {
    fc.assert(
      fc.property(anyShape, anyArguments, (shape, given) => {
        const template = cloudFormation(shape);
        expect(specificationProblems(new Evaluation(template, given))).toEqual([]);
        expect(dependencyCycle(template)).toEqual([]);
        // CloudFormation takes letters and digits, and 500 resources.
        const ids = Object.keys(template.Resources);
        expect(ids.filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id))).toEqual([]);
        expect(ids.length).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same text for the same app, in whatever order its parts were found', () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        const functions = [...shape.functions].reverse();
        const again = cloudFormation({ ...shape, functions });
        expect(JSON.stringify(again.Resources)).toBe(
          JSON.stringify(cloudFormation(shape).Resources),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('the check against the specification', () => {
  it('finds resources that wait for each other', () => {
    const template = cloudFormation(app);
    const { QueueDefault, DeadLettersDefault } = template.Resources;
    const RedriveAllowPolicy = { sourceQueueArns: [{ 'Fn::GetAtt': ['QueueDefault', 'Arn'] }] };
    const changed = { Properties: { ...DeadLettersDefault?.Properties, RedriveAllowPolicy } };
    const Resources = {
      ...(QueueDefault && { QueueDefault }),
      DeadLettersDefault: { Type: 'AWS::SQS::Queue', ...changed },
    };
    expect(dependencyCycle({ ...template, Resources })).toEqual([
      'QueueDefault',
      'DeadLettersDefault',
      'QueueDefault',
    ]);
  });

  const broken = (id: string, change: Record<string, unknown>): string[] => {
    const template = cloudFormation(app);
    const resource = template.Resources[id];
    const Properties = { ...resource?.Properties, ...change } as Resource['Properties'];
    const Resources = { ...template.Resources, [id]: { Type: resource?.Type ?? '', Properties } };
    return specificationProblems(new Evaluation({ ...template, Resources }, {}));
  };

  it.each([
    ['QueueDefault', { VisibiltyTimeout: 1 }, 'QueueDefault.VisibiltyTimeout is unknown'],
    [
      'QueueDefault',
      { VisibilityTimeout: '1' },
      'QueueDefault.VisibilityTimeout is "1", no integer',
    ],
    ['QueueDefault', { KmsMasterKeyId: { Ref: 'Nobody' } }, 'Resources.QueueDefault: Ref Nobody'],
    [
      'QueueDefault',
      { KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'No'] } },
      'Key has no attribute No',
    ],
    ['Tick', { Target: {} }, 'Tick.Target.Arn is missing'],
    ['FunctionApi', { Architectures: 'arm64' }, 'FunctionApi.Architectures is no list'],
    ['Tick', { State: 'ON' }, 'Tick.State is "ON", not one of ENABLED, DISABLED'],
  ])('finds what is wrong with %s: %j', (id, change, problem) => {
    expect(broken(id, change)).toContain(problem);
  });
});
