import { describe, expect, it } from '@jest/globals';

import { StoppedError } from '../cli.errors.js';
import { API, deploymentBench, MIGRATE } from './deployment-bench.fixture.js';
import { OWN_BUCKET, BUCKET } from './deployment.fixture.js';

const bench = deploymentBench();

describe('the first deployment', () => {
  it('makes a stack that nothing calls, migrates, lets traffic in, and asks the API', async () => {
    const gates: unknown[] = [];
    bench.world.aws.whenInvoked(({ functionName: name, codeKey }) => {
      gates.push(
        name,
        codeKey,
        'Gate' in (bench.world.aws.stack(bench.stackName)?.resources ?? {}),
      );
      return { applied: ['001_first'] };
    });

    const deployed = await bench.deploy();

    expect(gates).toEqual([bench.functionName(MIGRATE), `${bench.stackName}/code-v1.zip`, false]);
    expect(bench.world.aws.stack(bench.stackName)).toMatchObject({
      status: 'UPDATE_COMPLETE',
      parameters: { Traffic: 'on', CodeBucket: BUCKET },
      resources: { Gate: expect.any(String) },
    });
    expect(deployed).toMatchObject({
      result: 'created',
      migrations: ['001_first'],
      readyUrl: `${bench.world.api.url}/health/ready`,
    });
    expect(await bench.world.objects(BUCKET)).toContain(`${bench.stackName}/code-v1.zip`);
    expect(bench.told.join('\n')).toContain('CREATE_COMPLETE AWS::Lambda::Function FunctionApi');
  });

  it('waits for the secret that it made, and goes on the next time', async () => {
    const url = new Map([['PublicUrl', bench.world.api.url]]);
    await expect(bench.deploy({ parameters: url })).rejects.toMatchObject({
      code: 'DEPLOY_UNFINISHED',
      message: expect.stringContaining('--secret-id arn:aws:secretsmanager'),
    });
    expect(bench.world.aws.stack(bench.stackName)?.parameters['Traffic']).toBe('off');
    expect(await bench.deploy({ parameters: url })).toMatchObject({
      result: 'updated',
      migrations: [],
    });
    expect(bench.world.aws.stack(bench.stackName)?.parameters['Traffic']).toBe('on');
  });

  it('stays closed when the migration fails, or when the API is not ready', async () => {
    bench.world.aws.whenInvoked(() => {
      throw new TypeError('no such table');
    });
    await expect(bench.deploy()).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: expect.stringMatching(/TypeError: no such table\. The stack .* takes no traffic/),
    });
    expect(bench.world.aws.stack(bench.stackName)?.parameters['Traffic']).toBe('off');
    bench.world.aws.whenInvoked(() => ({ applied: [] }));
    bench.world.api.enqueue({ status: 503, body: { status: 'error' } });
    await expect(bench.deploy()).rejects.toMatchObject({
      code: 'DEPLOY_ROLLED_BACK',
      message: expect.stringContaining('takes no traffic, as before'),
    });
    expect(bench.world.aws.stack(bench.stackName)?.parameters['Traffic']).toBe('off');
  });

  it('says what failed; a stack that was never made is deleted when that is asked for', async () => {
    bench.world.aws.failResource('FunctionApi', { reason: 'The role cannot be assumed' });
    await expect(bench.deploy()).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: expect.stringMatching(/FunctionApi: The role cannot be assumed.*--recreate/),
    });
    await expect(bench.deploy()).rejects.toMatchObject({
      code: 'DEPLOY_BLOCKED',
      message: expect.stringContaining('ROLLBACK_COMPLETE: it could not be made'),
    });
    expect(await bench.deploy({ recreate: true })).toMatchObject({ result: 'created' });
    await expect(bench.deploy({ recreate: true })).rejects.toMatchObject({
      code: 'DEPLOY_BLOCKED',
    });
  });

  it('makes a bucket when there is none, once', async () => {
    const asked: string[] = [];
    const confirm = async (question: string): Promise<void> => void asked.push(question);
    await bench.deploy({ bucket: null, confirm });
    expect(asked).toEqual([expect.stringContaining('tenon-deploy'), 'Make this stack?']);
    expect(await bench.world.objects(OWN_BUCKET)).toEqual([`${bench.stackName}/code-v1.zip`]);
    await bench.deploy({ bucket: null, code: 'v2', confirm });
    expect(asked.slice(2)).toEqual(['Change the stack so?']);
  });
});

describe('a request to stop', () => {
  it('deletes the change set, and the stack that was to be made', async () => {
    const confirm = async (): Promise<void> => {
      bench.stop.abort();
    };
    await expect(bench.deploy({ confirm })).rejects.toMatchObject({
      code: 'STOPPED',
      message: 'Stopped; nothing was changed',
    });
    expect(bench.world.aws.stack(bench.stackName)).toBeUndefined();
  });

  it('by the answer no changes nothing and uploads nothing', async () => {
    const confirm = async (): Promise<void> => {
      throw new StoppedError('Stopped; the stack was not changed');
    };
    await expect(bench.deploy({ confirm })).rejects.toMatchObject({ code: 'STOPPED' });
    expect(bench.world.aws.stack(bench.stackName)).toBeUndefined();
    expect(await bench.world.objects(BUCKET)).not.toContain(`${bench.stackName}/code-v1.zip`);
  });

  it('leaves the traffic and the function as they were while a migration runs', async () => {
    await bench.deploy();
    bench.world.aws.whenInvoked(() => {
      bench.stop.abort();
      return new Promise((resolve) => setTimeout(resolve, 50));
    });
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'STOPPED',
      message: expect.stringContaining('a migration that has begun goes on'),
    });
    expect(bench.codeOf(MIGRATE)).toBe(`${bench.stackName}/code-v1.zip`);
  });

  it('says how to watch and to cancel what goes on at AWS', async () => {
    await bench.deploy();
    bench.told = [];
    bench.world.aws.hold(true);
    const interrupted = bench.deploy({ code: 'v2' });
    while (!bench.told.some((line) => line.startsWith('UPDATE_IN_PROGRESS'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    bench.stop.abort();
    await expect(interrupted).rejects.toMatchObject({
      code: 'STOPPED',
      message: expect.stringMatching(
        /describe-stack-events.*cancel-update-stack --stack-name shop\d+ --region us-east-1/,
      ),
    });
  });
});

describe('AWS', () => {
  it.each([
    [
      {
        operation: 'cloudformation.CreateChangeSet',
        type: 'AccessDenied',
        status: 403,
        message:
          'User: arn:aws:iam::1:user/a is not authorized to perform: cloudformation:CreateChangeSet on resource: x',
      },
      'AWS_DENIED',
      /does not allow cloudformation:CreateChangeSet: User/,
    ],
    [
      { operation: 'cloudformation.DescribeStacks', type: 'ExpiredToken', status: 403 },
      'AWS_CREDENTIALS',
      /expired/,
    ],
    [
      { operation: 'cloudformation.DescribeStacks', type: 'InvalidClientTokenId', status: 403 },
      'AWS_CREDENTIALS',
      /does not know/,
    ],
    [
      { operation: 'cloudformation.DescribeStacks', disconnect: true, times: Infinity },
      'AWS_UNREACHABLE',
      /cannot be reached for cloudformation:DescribeStacks/,
    ],
  ])('that refuses %j is explained', async (fault, code, message) => {
    bench.world.aws.failNext(fault);
    await expect(bench.deploy()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('that does not let the migration be invoked is explained, and nothing was changed', async () => {
    await bench.deploy();
    bench.world.aws.failNext({
      operation: 'lambda.Invoke',
      type: 'AccessDeniedException',
      status: 403,
    });
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'AWS_DENIED',
      message: expect.stringContaining('lambda:InvokeFunction'),
    });
    expect([bench.codeOf(API), bench.codeOf(MIGRATE)]).toEqual([
      `${bench.stackName}/code-v1.zip`,
      `${bench.stackName}/code-v1.zip`,
    ]);
  });

  it('without such a bucket is explained', async () => {
    await expect(bench.deploy({ bucket: 'nobodys-bucket' })).rejects.toMatchObject({
      code: 'DEPLOY_BLOCKED',
      message: expect.stringContaining('There is no bucket nobodys-bucket'),
    });
    expect(bench.world.aws.stack(bench.stackName)).toBeUndefined();
  });
});
