import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startFakeDeployment, startScriptedServer } from '@tenon/testing';
import type { FakeDeployment, ScriptedServer } from '@tenon/testing';
import { buildApp } from 'fauxqs';

export const BUCKET = 'releases-of-tests';
/** The bucket that the fake CloudFormation makes of the stack tenon-deploy. */
export const OWN_BUCKET = 'tenon-deploy-releases';

/** CloudFormation, Lambda, S3 and an API on loopback. */
export interface DeploymentWorld {
  readonly aws: FakeDeployment;
  /** What the health check asks. */
  readonly api: ScriptedServer;
  /** Variables with which the SDK finds them. */
  readonly env: Readonly<Record<string, string>>;
  objects(bucket: string): Promise<string[]>;
  stop(): Promise<void>;
}

const region = 'us-east-1';
const credentials = { accessKeyId: 'loopback', secretAccessKey: 'loopback-secret-value' };

/** Starts all of it; the buckets are there. The API is ready unless it is told otherwise. */
export async function startDeploymentWorld(): Promise<DeploymentWorld> {
  const aws = await startFakeDeployment();
  const api = await startScriptedServer(() => ({ body: { status: 'ok' } }));
  const s3 = buildApp({ logger: false, host: 'localhost' });
  await s3.listen({ port: 0, host: '127.0.0.1' });
  const endpoint = `http://127.0.0.1:${(s3.server.address() as AddressInfo).port}`;
  const client = new S3Client({ endpoint, region, credentials });
  for (const Bucket of [BUCKET, OWN_BUCKET]) await client.send(new CreateBucketCommand({ Bucket }));
  return {
    aws,
    api,
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_CLOUDFORMATION: aws.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: aws.endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
    },
    objects: async (Bucket) => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key = '' }) => Key);
    },
    stop: async () => {
      client.destroy();
      s3.server.closeAllConnections();
      await Promise.all([s3.close(), aws.stop(), api.close()]);
    },
  };
}

const lambda = (name: string, key: unknown) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Description: name, Code: { S3Bucket: { Ref: 'CodeBucket' }, S3Key: key } },
});

/** A template with the names that a deployment knows, as small as can be. */
export function smallTemplate(
  change: { readonly queue?: object; readonly size?: number } = {},
): string {
  return JSON.stringify({
    Description: 'x'.repeat(change.size ?? 0),
    Parameters: {
      CodeBucket: { Type: 'String' },
      CodeKey: { Type: 'String' },
      MigrateCodeKey: { Type: 'String', Default: '' },
      Traffic: { Type: 'String', Default: 'on' },
      PublicUrl: { Type: 'String', Default: '' },
      AppSecretArn: { Type: 'String', Default: '' },
    },
    Conditions: { TakesTraffic: { 'Fn::Equals': [{ Ref: 'Traffic' }, 'on'] } },
    Resources: {
      FunctionApi: lambda('api', { Ref: 'CodeKey' }),
      FunctionMigrate: lambda('migrate', { Ref: 'CodeKey' }),
      Gate: { Type: 'AWS::Lambda::Permission', Condition: 'TakesTraffic', Properties: {} },
      ...(change.queue === undefined
        ? {}
        : { QueueDefault: { Type: 'AWS::SQS::Queue', Properties: change.queue } }),
    },
    Outputs: {
      ApiUrl: { Value: { Ref: 'PublicUrl' } },
      MigrateFunction: { Value: { Ref: 'FunctionMigrate' } },
      SecretArn: { Value: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:shop' },
    },
  });
}
