import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { cloudFormation } from './cloudformation.js';
import { anyShape } from './shapes.fixture.js';
import { Evaluation } from './template-evaluation.fixture.js';
import type { Resource } from './template.js';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

const inVpc = {
  ...{ SubnetIds: 'subnet-1', SecurityGroupIds: 'sg-1', DatabaseInstance: 'orders' },
  ScheduleTimers: 'eventbridge',
};

/** Wildcards that have to be, and why. */
const wildcards: Readonly<Record<string, string>> = {
  'ec2:CreateNetworkInterface on *': 'EC2 knows no resource before the interface is made',
  'ec2:DescribeNetworkInterfaces on *': 'EC2 has no resources for this action',
  'ec2:DescribeSubnets on *': 'EC2 has no resources for this action',
  'ec2:DeleteNetworkInterface on *': "Lambda's own interfaces have no names that are known before",
  'ec2:AssignPrivateIpAddresses on *':
    "Lambda's own interfaces have no names that are known before",
  'ec2:UnassignPrivateIpAddresses on *':
    "Lambda's own interfaces have no names that are known before",
  'execute-api:ManageConnections on connections':
    'each websocket has an id of its own; the API and the stage are named',
  'scheduler:CreateSchedule on timers': 'each timer has a name of its own; the group is named',
  'scheduler:DeleteSchedule on timers': 'each timer has a name of its own; the group is named',
  'scheduler:ListSchedules on *': 'EventBridge Scheduler has no resource for a list',
  'kms:* on *': 'the policy of a key: the key itself, administered by the policies of its account',
  'kms:Decrypt on *': 'the policy of a key: the key itself, for the logs of this stack',
  'kms:DescribeKey on *': 'the policy of a key: the key itself, for the logs of this stack',
  'kms:Encrypt on *': 'the policy of a key: the key itself, for the logs of this stack',
  'kms:GenerateDataKey on *': 'the policy of a key: the key itself, for the logs of this stack',
  'kms:ReEncryptFrom on *': 'the policy of a key: the key itself, for the logs of this stack',
  'kms:ReEncryptTo on *': 'the policy of a key: the key itself, for the logs of this stack',
};

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

function statementsOf({ Type, Properties }: Resource): Statement[] {
  const policies = Properties as unknown as {
    readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: Statement[] } }[];
    readonly KeyPolicy?: { readonly Statement: Statement[] };
  };
  if (Type === 'AWS::KMS::Key') return policies.KeyPolicy?.Statement ?? [];
  return (policies.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function placeOf(resource: string): string {
  if (resource.endsWith('@connections/*')) return 'connections';
  return /:schedule\/[^*/]+\/\*$/.test(resource) ? 'timers' : resource;
}

function wildcardsOf({ Action, Resource: on }: Statement): string[] {
  return list(Action).flatMap((action) =>
    list(on)
      .filter((each) => action.includes('*') || each.includes('*'))
      .map((each) => `${action} on ${placeOf(each)}`),
  );
}

describe('what functions may do', () => {
  it('lets those that tell browsers something send, on the stage of this API alone', () => {
    const { resources } = new Evaluation(
      cloudFormation({
        name: 'orders',
        runtime: 'nodejs24.x',
        queues: ['default'],
        functions: (['api', 'migrate', 'schedule', 'websocket'] as const).map((role) => ({
          ...{ name: role, role, queue: null, timeoutSeconds: 29 },
        })),
      }),
      {},
    );
    const sending = [...resources].flatMap(([id, resource]) =>
      statementsOf(resource)
        .filter(({ Action }) => list(Action).some((each) => each.startsWith('execute-api:')))
        .map(({ Action, Resource: on }) => ({ id, action: list(Action), on: list(on) })),
    );
    expect(sending.map(({ id }) => id).sort()).toEqual([
      'RoleApi',
      'RoleSchedule',
      'RoleWebsocket',
    ]);
    for (const { action, on } of sending) {
      expect(action).toEqual(['execute-api:ManageConnections']);
      expect(on).toEqual([
        expect.stringMatching(/:[^:*]*WebsocketApi[^:*]*\/live\/POST\/@connections\/\*$/),
      ]);
    }
  });

  it('has no wildcard but those with a reason', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyShape, (shape) => {
        const { resources } = new Evaluation(cloudFormation(shape), inVpc);
        const found = [...resources.values()].flatMap(statementsOf).flatMap(wildcardsOf);
        for (const each of found) seen.add(each);
        expect(found.filter((each) => !(each in wildcards))).toEqual([]);
      }),
      { numRuns: 40 },
    );
    // No reason outlives its wildcard.
    expect([...seen].sort()).toEqual(Object.keys(wildcards).sort());
  });

  it('is no more than its own: queues of others are written to, never read', () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        const { resources } = new Evaluation(cloudFormation(shape), {});
        const readers = [...resources].flatMap(([id, resource]) =>
          statementsOf(resource)
            .filter(({ Action }) => list(Action).includes('sqs:ReceiveMessage'))
            .map(({ Resource: on }) => [id, list(on).length]),
        );
        expect(readers).toHaveLength(shape.queues.length);
        expect(readers.every(([, count]) => count === 1)).toBe(true);
        const roles = [...resources.values()].filter(({ Type }) => Type === 'AWS::IAM::Role');
        expect(JSON.stringify(roles)).not.toContain('ManagedPolicyArns');
      }),
      { numRuns: 20 },
    );
  });
});

/** The property that encrypts, by type; null for what holds nothing of the app. */
const encryption: Readonly<Record<string, string | null>> = {
  'AWS::Lambda::Function': 'KmsKeyArn',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
  'AWS::KMS::Key': 'EnableKeyRotation',
  'AWS::RDS::DBProxy': 'RequireTLS',
  'AWS::RDS::DBProxyTargetGroup': null,
  'AWS::ApiGatewayV2::Api': null,
  'AWS::ApiGatewayV2::Integration': null,
  'AWS::ApiGatewayV2::Route': null,
  'AWS::ApiGatewayV2::RouteResponse': null,
  'AWS::ApiGatewayV2::Stage': null,
  'AWS::CloudWatch::Alarm': null,
  'AWS::IAM::Role': null,
  'AWS::Lambda::EventInvokeConfig': null,
  'AWS::Lambda::EventSourceMapping': null,
  'AWS::Lambda::Permission': null,
  'AWS::Scheduler::Schedule': null,
  'AWS::Scheduler::ScheduleGroup': null,
};

it('everything that holds data is encrypted, with one key', () => {
  fc.assert(
    fc.property(anyShape, fc.constantFrom({}, { KmsKeyArn: 'arn:key' }), (shape, given) => {
      const { resources } = new Evaluation(cloudFormation(shape), { ...inVpc, ...given });
      for (const [id, { Type, Properties }] of resources) {
        const property = encryption[Type];
        expect({ id, known: property !== undefined }).toEqual({ id, known: true });
        if (property === null || property === undefined) continue;
        const value = Properties[property];
        const right = [true, '<GetAtt Arn of Key>', 'arn:key'].includes(value as string);
        expect({ id, right }).toEqual({ id, right: true });
      }
    }),
    { numRuns: 20 },
  );
});
