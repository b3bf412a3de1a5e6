import { beforeEach, describe, expect, it } from '@jest/globals';

import { API, deploymentBench, MIGRATE } from './deployment-bench.fixture.js';
import { BUCKET, smallTemplate } from './deployment.fixture.js';

const bench = deploymentBench();

describe('the next deployment', () => {
  const v = (name: string): string => `${bench.stackName}/code-${name}.zip`;

  beforeEach(async () => {
    await bench.deploy();
    bench.told = [];
  });

  it('migrates with the new code while the old has the traffic; executes what was bench.shown', async () => {
    const seen: unknown[] = [];
    bench.world.aws.whenInvoked(({ codeKey }) => {
      seen.push(codeKey, bench.codeOf(API), bench.world.aws.stack(bench.stackName)?.status);
      return { applied: ['002_second'] };
    });

    const deployed = await bench.deploy({ code: 'v2' });

    expect(seen).toEqual([v('v2'), v('v1'), 'UPDATE_COMPLETE']);
    expect([bench.codeOf(API), bench.codeOf(MIGRATE)]).toEqual([v('v2'), v('v2')]);
    expect(deployed).toMatchObject({ result: 'updated', migrations: ['002_second'] });
    expect(bench.shown.map(({ logicalId }) => logicalId)).toEqual([
      'FunctionApi',
      'FunctionMigrate',
    ]);
    const calls = bench.world.aws.calls.map((each) => each.replace(/^\w+\./, ''));
    expect(
      calls.filter((each) => /^(Create|Execute)ChangeSet|Invoke/.test(each)).slice(-3),
    ).toEqual(['CreateChangeSet', 'Invoke', 'ExecuteChangeSet']);
  });

  it('leaves everything as it was when the migration fails', async () => {
    bench.world.aws.whenInvoked(() => {
      throw new Error('duplicate column');
    });
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: expect.stringMatching(/duplicate column.*the release before has the traffic/),
    });
    expect([bench.codeOf(API), bench.codeOf(MIGRATE)]).toEqual([v('v1'), v('v1')]);
    expect(bench.world.aws.stack(bench.stackName)?.parameters['CodeKey']).toBe(v('v1'));
  });

  it('goes back when the API is not ready', async () => {
    bench.world.api.enqueue({
      status: 503,
      body: { status: 'error', checks: { database: 'error' } },
    });
    await expect(
      bench.deploy({ code: 'v2', template: smallTemplate({ queue: {} }) }),
    ).rejects.toMatchObject({
      code: 'DEPLOY_ROLLED_BACK',
      message: expect.stringMatching(
        /503 .*database.*has the traffic again\. Migrations are not undone/,
      ),
    });
    expect([bench.codeOf(API), bench.codeOf(MIGRATE)]).toEqual([v('v1'), v('v1')]);
    expect(bench.world.aws.stack(bench.stackName)?.resources).not.toHaveProperty('QueueDefault');
  });

  it('asks the API again until its time is over', async () => {
    bench.world.api.enqueue({ status: 503 }, { drop: 'before-answer' });
    expect(await bench.deploy({ code: 'v2', healthMs: 60_000 })).toMatchObject({
      result: 'updated',
    });
    expect(bench.told.filter((line) => line.startsWith('not ready yet'))).toHaveLength(2);
  });

  it('says so when going back fails as well', async () => {
    bench.world.api.enqueue({ status: 503 });
    bench.world.aws.whenEnded(() => bench.world.aws.failChangeSet('Template is gone'));
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: expect.stringMatching(/Going back failed as well.*Template is gone/),
    });
    expect(bench.codeOf(API)).toBe(v('v2'));
  });

  it.each([
    [false, 'CloudFormation went back'],
    [true, 'CloudFormation went back'],
  ])('lets CloudFormation go back, and helps it: %s', async (alsoGoingBack, text) => {
    bench.world.aws.failResource('FunctionApi', { reason: 'Code is too large', alsoGoingBack });
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'DEPLOY_ROLLED_BACK',
      message: expect.stringMatching(new RegExp(`FunctionApi: Code is too large. ${text}`)),
    });
    expect(bench.world.aws.stack(bench.stackName)?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([bench.codeOf(API), bench.codeOf(MIGRATE)]).toEqual([v('v1'), v('v1')]);
  });

  it('changes nothing where nothing changed, and keeps parameters that nobody names', async () => {
    const calls = bench.world.aws.calls.length;
    expect(await bench.deploy({ parameters: new Map() })).toMatchObject({ result: 'unchanged' });
    expect(bench.world.aws.calls.slice(calls)).not.toContain('lambda.Invoke');
  });

  it('marks what would be lost, and leaves no trace of a preview', async () => {
    await bench.deploy({ template: smallTemplate({ queue: {} }) });
    const calls = bench.world.aws.calls.length;
    const template = smallTemplate({ queue: { FifoQueue: true } });
    expect(await bench.deploy({ template, previewOnly: true })).toMatchObject({
      result: 'previewed',
    });
    expect(bench.shown).toEqual([
      expect.objectContaining({ replacement: 'yes', danger: 'replaced: what is in it is lost' }),
    ]);
    await bench.deploy({ previewOnly: true });
    expect(bench.shown[0]).toMatchObject({
      action: 'remove',
      danger: 'removed: what is in it is lost',
    });
    expect(
      bench.world.aws.calls.slice(calls).filter((each) => /Execute|Invoke|Update/.test(each)),
    ).toEqual([]);
  });

  it('passes a large template through the bucket', async () => {
    const template = smallTemplate({ queue: {}, size: 60_000 });
    expect(await bench.deploy({ template })).toMatchObject({ result: 'updated' });
    expect(await bench.world.objects(BUCKET)).toContainEqual(
      expect.stringMatching(new RegExp(`^${bench.stackName}/template-[0-9a-f]{40}\\.json$`)),
    );
  });

  it('keeps out of the way of another deployment', async () => {
    const refuse = async (): Promise<void> => {
      bench.world.aws.failNext({
        operation: 'cloudformation.ExecuteChangeSet',
        type: 'InvalidChangeSetStatus',
      });
    };
    await expect(bench.deploy({ code: 'v2', confirm: refuse })).rejects.toMatchObject({
      code: 'DEPLOY_BLOCKED',
      message: expect.stringContaining('Another deployment changed the stack'),
    });
    expect([bench.codeOf(API), bench.codeOf(MIGRATE)]).toEqual([v('v1'), v('v1')]);
  });

  it('goes on watching when AWS cannot be reached, and says what it cannot see', async () => {
    const { aws } = bench.world;
    const operation = 'cloudformation.DescribeStackEvents';
    const cut = async (): Promise<void> => {
      aws.whenInvoked(() => aws.hold(true));
    };
    const deploying = bench.deploy({ code: 'v2', confirm: cut });
    while (!bench.told.some((line) => line.startsWith('UPDATE_IN_PROGRESS'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    aws.failNext({ operation, disconnect: true, times: 3 });
    while (!bench.told.some((line) => line.endsWith('trying again'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    aws.failNext({ operation, type: 'ExpiredToken', status: 403 });
    await expect(deploying).rejects.toMatchObject({
      code: 'AWS_CREDENTIALS',
      message: expect.stringMatching(/have expired.*goes on without being watched: aws/),
    });
  });

  it('refuses a stack that something else is changing', async () => {
    bench.world.aws.hold(true);
    const other = bench.deploy({ code: 'v2' }).catch((error: unknown) => error);
    while (bench.world.aws.stack(bench.stackName)?.status !== 'UPDATE_IN_PROGRESS') {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect(bench.deploy({ code: 'v3' })).rejects.toMatchObject({
      code: 'DEPLOY_BLOCKED',
      message: expect.stringContaining('another deployment is at it'),
    });
    bench.world.aws.hold(false);
    expect(await other).toMatchObject({ result: 'updated' });
  });

  it('names the reason when no change set can be made', async () => {
    bench.world.aws.failChangeSet('Parameter WorkerPoolSize must be at most 200');
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: expect.stringContaining('WorkerPoolSize must be at most 200. Nothing was changed'),
    });
  });
});
