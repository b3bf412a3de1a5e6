import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { startDeploymentWorld } from '../deploy/deployment.fixture.js';
import type { DeploymentWorld } from '../deploy/deployment.fixture.js';
import { HAND_WRITTEN_APP } from './hand-written-app.fixture.js';
import { createProject } from './project.fixture.js';
import type { Finished, Project } from './project.fixture.js';

const handler = (text: string): string => `export const handler = async () => '${text}';\n`;
const SECRET = 'loopback-secret-value';

// One project and one stack for all, in the order of a project's life.
describe('tenon deploy', () => {
  let project: Project;
  let world: DeploymentWorld;
  const seen: string[] = [];
  const start = (args: readonly string[]) =>
    project.start(['deploy', '--poll', '20', ...args], {
      ...world.env,
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: project.dir,
      DATABASE_URL: '',
    });
  const run = async (...args: readonly string[]): Promise<Finished> => {
    const finished = await start(args).finished;
    seen.push(finished.stdout, finished.stderr);
    return finished;
  };

  beforeAll(async () => {
    world = await startDeploymentWorld();
    const manifest = {
      type: 'module',
      name: '@acme/orders',
      tenon: { deploy: { parameters: { PublicUrl: world.api.url, MemoryMb: 512 } } },
    };
    project = createProject({
      'package.json': JSON.stringify(manifest),
      // Those of local servers; they are not where the app is deployed to.
      '.env': 'AWS_ENDPOINT_URL=http://127.0.0.1:9\nAWS_REGION=local\n',
      'src/app.ts': HAND_WRITTEN_APP,
      'src/greeting.ts': "export const greeting = 'hello';\n",
      'src/handlers/api.ts': handler('one'),
      'src/handlers/migrate.ts': handler('one'),
      'src/workers/default.ts': handler('one'),
    });
  });
  afterAll(async () => {
    await project.remove();
    await world.stop();
  });
  afterEach(() => expect(world.aws.openChangeSets).toEqual([]));

  it('asks nobody who cannot answer', async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect(world.aws.calls).toEqual([]);
  });

  it('shows what it would make, and makes nothing', async () => {
    const { code, stdout } = await run('--preview');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ACTION +RESOURCE +TYPE +REPLACED\n/);
    expect(stdout).toMatch(/add +FunctionApi +AWS::Lambda::Function\n/);
    expect(stdout).toContain('Nothing was changed: this was a preview.');
    expect(world.aws.stack('orders')).toBeUndefined();
  });

  it('makes a bucket and a stack, and tells of it while it waits', async () => {
    const finished = await run('--yes', '--json', '--parameter', 'AppSecretArn=arn:aws:secret');
    expect(finished).toMatchObject({ code: 0 });
    expect(JSON.parse(finished.stdout)).toMatchObject({
      stack: 'orders',
      region: 'us-east-1',
      result: 'created',
      readyUrl: `${world.api.url}/health/ready`,
    });
    expect(finished.stderr).toContain('CREATE_COMPLETE AWS::SQS::Queue QueueDefault');
    expect(world.aws.stack('orders')).toMatchObject({
      status: 'UPDATE_COMPLETE',
      parameters: { Traffic: 'on', MemoryMb: '512', AppSecretArn: 'arn:aws:secret' },
    });
  });

  it('knows when there is nothing to do, and builds the same from the same', async () => {
    const { code, stdout } = await run('--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '✓ orders: Nothing to change: the stack is what the app is now.\n',
    });
  });

  it('leaves the traffic alone when a migration fails, and shows no secret', async () => {
    project.write('src/handlers/api.ts', handler('two'));
    world.aws.whenInvoked(() => {
      throw new Error('cannot connect to postgresql://orders:hunter2-of-orders@db/orders');
    });
    const { code, stderr } = await run('--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('the release before has the traffic');
    expect(stderr).toContain('postgresql://orders:[secret]@db/orders');
  });

  it('stops watching when it is asked to, and says how to go on', async () => {
    world.aws.whenInvoked(() => ({ applied: [] }));
    world.aws.hold(true);
    const command = start(['--yes']);
    await command.saw('UPDATE_IN_PROGRESS AWS::CloudFormation::Stack', 60_000);
    command.process.kill('SIGINT');
    const { code, stderr } = await command.finished;
    seen.push(stderr);
    expect(code).toBe(1);
    expect(stderr).toContain('cancel-update-stack --stack-name orders --region us-east-1');
    world.aws.hold(false);
  });

  it('says that credentials are missing', async () => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...env } = world.env;
    const home = { HOME: project.dir, AWS_EC2_METADATA_DISABLED: 'true' };
    const finished = await project.run(['deploy', '--preview'], {
      ...env,
      ...home,
      AWS_ACCESS_KEY_ID: '',
    });
    expect(finished).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /No AWS credentials were found.*--profile.*\(AWS_CREDENTIALS\)/,
      ),
    });
  });

  it('prints no secret, ever', () => {
    expect(seen.join('')).not.toContain(SECRET);
    expect(seen.join('')).not.toContain('hunter2');
    expect(existsSync(join(project.dir, 'template.json'))).toBe(false);
  });
});
