import type { Artifact } from './artifact.js';
import type { Attempt } from './attempt.js';
import { DeployError } from './deploy.errors.js';
import { findStack, StackWatch } from './stacks.js';

/** The stack of the bucket that holds releases; one for an account and region. */
const RELEASES_STACK = 'tenon-deploy';

const BUCKET_OUTPUT = 'ReleasesBucket';

/** A private bucket that nobody reads without TLS and that outlives its stack: stacks need their code to go back. */
export const releasesTemplate = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Releases of apps, made by tenon deploy',
  Resources: {
    Releases: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
          ],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    ReleasesPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Releases' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [{ 'Fn::GetAtt': ['Releases', 'Arn'] }, { 'Fn::Sub': '${Releases.Arn}/*' }],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
  },
  Outputs: { [BUCKET_OUTPUT]: { Value: { Ref: 'Releases' } } },
};

/** The bucket of releases in this account and region; null when it was not made yet. */
export async function findReleasesBucket(attempt: Attempt): Promise<string | null> {
  const stack = await findStack(attempt, RELEASES_STACK);
  return stack?.outputs.get(BUCKET_OUTPUT) ?? null;
}

/** Makes the bucket of releases. @throws DeployError `DEPLOY_FAILED`. */
export async function makeReleasesBucket(attempt: Attempt): Promise<string> {
  const before = await findStack(attempt, RELEASES_STACK);
  if (before !== null) {
    throw new DeployError(
      'DEPLOY_BLOCKED',
      `The stack ${RELEASES_STACK} is in ${before.status} and has no bucket. Wait until it is done or delete it, or name a bucket with --bucket`,
    );
  }
  const releases = { ...attempt, stackName: RELEASES_STACK };
  await attempt.cloud.cloudFormation.createStack({
    StackName: RELEASES_STACK,
    TemplateBody: JSON.stringify(releasesTemplate),
    OnFailure: 'DELETE',
  });
  const { stack, failures } = await (await StackWatch.begin(releases)).end();
  const bucket = stack.outputs.get(BUCKET_OUTPUT);
  if (stack.status === 'CREATE_COMPLETE' && bucket !== undefined) return bucket;
  throw new DeployError(
    'DEPLOY_FAILED',
    `The stack ${RELEASES_STACK} with a bucket for releases could not be made: ${failures.join('; ') || stack.status}. Name a bucket of yours with --bucket`,
  );
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && /^(NotFound|NoSuchKey)$/.test(error.name);

async function isThere({ cloud, signal }: Attempt, Bucket: string, Key: string): Promise<boolean> {
  try {
    await cloud.s3.headObject({ Bucket, Key }, { abortSignal: signal });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Uploads what is not there yet. Answers whether it was. @throws DeployError when there is no such bucket. */
export async function putObject(
  attempt: Attempt,
  bucket: string,
  { key, bytes }: Artifact,
): Promise<boolean> {
  const { cloud, signal } = attempt;
  if (await isThere(attempt, bucket, key)) return false;
  try {
    await cloud.s3.putObject({ Bucket: bucket, Key: key, Body: bytes }, { abortSignal: signal });
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NoSuchBucket') throw error;
    throw new DeployError(
      'DEPLOY_BLOCKED',
      `There is no bucket ${bucket} in this account: make it, or name another with --bucket`,
      error,
    );
  }
}
