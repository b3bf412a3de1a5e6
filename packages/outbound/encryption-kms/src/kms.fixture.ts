import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { startFakeAws, type FakeAws } from '@tenon/testing';
import { createKmsEncryptor } from './create-kms-encryptor.js';
import type { KmsEncryptor } from './kms-encryptor.js';
import type { KmsEncryptorOptions } from './options.js';

const REGION = 'us-east-1';

/** A loopback KMS, and encryptors that reach it through the real SDK. */
export interface KmsUnderTest {
  readonly aws: FakeAws;
  /** A client for what a test does at KMS itself. */
  readonly client: KMSClient;
  /** Answers its ARN. */
  createKey(): Promise<string>;
  encryptor(options: Omit<KmsEncryptorOptions, 'endpoint' | 'region'>): KmsEncryptor;
  /** How many calls of an operation came so far; `Decrypt`, for example. */
  count(operation: string): number;
  stop(): Promise<void>;
}

export async function startKms(): Promise<KmsUnderTest> {
  const aws = await startFakeAws();
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  const client = new KMSClient({ endpoint: aws.endpoint, region: REGION });
  return {
    aws,
    client,
    createKey: async () => (await client.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '',
    encryptor: (options) =>
      createKmsEncryptor({ ...options, endpoint: aws.endpoint, region: REGION }),
    count: (name) => aws.calls.filter(({ operation }) => operation === `kms.${name}`).length,
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
}
