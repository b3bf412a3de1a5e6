import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { Lambda } from '@aws-sdk/client-lambda';
import type { S3 } from '@aws-sdk/client-s3';
import type { Environment } from '@tenon/core';
import { awsFailure } from './aws-failure.js';
import { DeployError } from './deploy.errors.js';

type CloudFormationSdk = typeof import('@aws-sdk/client-cloudformation');
type LambdaSdk = typeof import('@aws-sdk/client-lambda');
type S3Sdk = typeof import('@aws-sdk/client-s3');

const PACKAGES = [
  '@aws-sdk/client-cloudformation',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-s3',
] as const;

/** The longest that a function runs, and its answer's way. */
const INVOKE_MS = 915_000;

/** An account and region of AWS. */
export interface AwsCloud {
  readonly cloudFormation: CloudFormation;
  readonly lambda: Lambda;
  /** For invocations: waits for as long as a function may run, and calls it once. */
  readonly invoker: Lambda;
  readonly s3: S3;
  readonly region: string;
  /** Where CloudFormation reads an object of a bucket. */
  objectUrl(bucket: string, key: string): string;
  close(): void;
}

/** Where and as whom. */
export interface CloudSettings {
  readonly cwd: string;
  readonly env: Environment;
  readonly region: string | null;
  readonly profile: string | null;
}

/** The project's own copy, or the one that stands beside this package. */
async function load(cwd: string, name: string): Promise<unknown> {
  const project = createRequire(join(cwd, 'package.json'));
  try {
    return await import(pathToFileURL(project.resolve(name)).href);
  } catch {
    // Not of the project: it may be hoisted to where this package finds it.
  }
  return await import(name);
}

async function loadSdk(cwd: string): Promise<[CloudFormationSdk, LambdaSdk, S3Sdk]> {
  try {
    const [cloudFormation, lambda, s3] = await Promise.all(PACKAGES.map((each) => load(cwd, each)));
    return [cloudFormation as CloudFormationSdk, lambda as LambdaSdk, s3 as S3Sdk];
  } catch (error) {
    throw new DeployError(
      'AWS_SDK_MISSING',
      `tenon deploy calls AWS by its SDK: npm install --save-dev ${PACKAGES.join(' ')}`,
      error,
    );
  }
}

interface Client {
  readonly middlewareStack: CloudFormation['middlewareStack'];
}

/** Errors say what was being done: AWS names neither always. */
function explain(client: Client): void {
  client.middlewareStack.add(
    (next, { clientName = '', commandName = '' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw awsFailure(error, { client: clientName, command: commandName });
        }
      },
    { step: 'initialize', name: 'explainFailures' },
  );
}

async function regionOf(cloudFormation: CloudFormation): Promise<string> {
  try {
    return await cloudFormation.config.region();
  } catch (error) {
    throw awsFailure(error, { client: 'CloudFormationClient', command: '' });
  }
}

/** @throws DeployError `AWS_SDK_MISSING`, or `AWS_CREDENTIALS` when no region is known. */
export async function openCloud({ cwd, env, ...given }: CloudSettings): Promise<AwsCloud> {
  const [{ CloudFormation }, { Lambda }, { S3 }] = await loadSdk(cwd);
  const settings = {
    ...(given.region !== null && { region: given.region }),
    ...(given.profile !== null && { profile: given.profile }),
  };
  const cloudFormation = new CloudFormation(settings);
  const lambda = new Lambda(settings);
  const requestHandler = { requestTimeout: INVOKE_MS };
  const invoker = new Lambda({ ...settings, maxAttempts: 1, requestHandler });
  const s3 = new S3(settings);
  const clients = [cloudFormation, lambda, invoker, s3];
  for (const client of clients) explain(client as unknown as Client);
  const region = await regionOf(cloudFormation);
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const own = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  return {
    cloudFormation,
    lambda,
    invoker,
    s3,
    region,
    objectUrl: (bucket, key) =>
      own === undefined
        ? `https://${bucket}.s3.${region}.${suffix}/${key}`
        : `${own}/${bucket}/${key}`,
    close: () => {
      for (const client of clients) client.destroy();
    },
  };
}
