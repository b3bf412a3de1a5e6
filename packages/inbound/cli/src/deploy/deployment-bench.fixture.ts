import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';

import { openCloud } from './aws-cloud.js';
import type { AwsCloud } from './aws-cloud.js';
import type { Change } from './change-sets.js';
import { deployRelease } from './deploy-release.js';
import { BUCKET, smallTemplate, startDeploymentWorld } from './deployment.fixture.js';
import type { DeploymentWorld } from './deployment.fixture.js';
import type { Deployed, Release } from './release.js';

const STACK = 'shop';
export const API = 'functionapi';
export const MIGRATE = 'functionmigrate';

/** How a deployment differs from the usual one. */
export interface Wish extends Partial<Omit<Release, 'template' | 'code'>> {
  readonly code?: string;
  readonly template?: string;
}

/** Deploys into a world on loopback, each test a stack of its own. */
class DeploymentBench {
  world!: DeploymentWorld;
  cloud!: AwsCloud;
  stop = new AbortController();
  told: string[] = [];
  shown: readonly Change[] = [];
  #serial = 0;

  get stackName(): string {
    return `${STACK}${this.#serial}`;
  }

  begin(): void {
    this.#serial += 1;
    this.stop = new AbortController();
    this.told = [];
    this.shown = [];
  }

  functionName(name: string): string {
    return `${this.stackName}-${name}`;
  }

  /** The key of the code that a function has now. */
  codeOf(name: string): string | undefined {
    return this.world.aws.codeKey(this.functionName(name));
  }

  deploy({ code = 'v1', template = smallTemplate(), ...wish }: Wish = {}): Promise<Deployed> {
    const { Parameters, Outputs } = JSON.parse(template) as Record<string, object>;
    const release: Release = {
      template: {
        text: template,
        parameters: Object.keys(Parameters ?? {}),
        hasMigrate: 'MigrateFunction' in (Outputs ?? {}),
      },
      code: { key: `${this.stackName}/code-${code}.zip`, bytes: Buffer.from(code) },
      parameters: new Map([
        ['PublicUrl', this.world.api.url],
        ['AppSecretArn', 'arn:secret'],
      ]),
      bucket: BUCKET,
      previewOnly: false,
      recreate: false,
      migrates: true,
      healthMs: 0,
      show: (changes) => (this.shown = changes),
      confirm: async () => undefined,
      ...wish,
    };
    const attempt = {
      cloud: this.cloud,
      stackName: this.stackName,
      roleArn: 'arn:aws:iam::000000000000:role/resources',
      signal: this.stop.signal,
      pollMs: 1,
      timeoutMs: 60_000,
      tell: (line: string) => this.told.push(line),
    };
    return deployRelease(attempt, release);
  }
}

/** Registers hooks: no test may leave a change set behind that nobody wants. */
export function deploymentBench(): DeploymentBench {
  const bench = new DeploymentBench();
  const before = { ...process.env };
  beforeAll(async () => {
    const world = await startDeploymentWorld();
    bench.world = world;
    Object.assign(process.env, world.env);
    bench.cloud = await openCloud({
      cwd: process.cwd(),
      env: world.env,
      region: null,
      profile: null,
    });
  });
  afterAll(async () => {
    process.env = before;
    bench.cloud.close();
    await bench.world.stop();
  });
  beforeEach(() => bench.begin());
  afterEach(() => {
    const { aws, api } = bench.world;
    aws.clearFaults();
    aws.hold(false);
    aws.whenInvoked(() => ({ applied: [] }));
    aws.whenEnded(() => undefined);
    api.reset();
    expect(aws.openChangeSets).toEqual([]);
  });
  return bench;
}
