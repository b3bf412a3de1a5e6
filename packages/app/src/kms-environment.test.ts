import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Encryptor } from '@tenon/core';
import { generateKey } from '@tenon/encryption-aes';
import { startFakeAws } from '@tenon/testing';
import type { FakeAws } from '@tenon/testing';
import { environmentAdapters } from './environment-adapters.js';
import { parseEnvironment } from './environment.js';

const place = { tenantId: 't', table: 'credentials', column: 'material', rowId: 'r' };

async function createKey({ endpoint }: FakeAws): Promise<string> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'TrentService.CreateKey',
  };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: '{}' });
  const { KeyMetadata } = (await answer.json()) as { KeyMetadata: { Arn: string } };
  return KeyMetadata.Arn;
}

describe('keys of KMS by the environment', () => {
  let aws: FakeAws;
  let arns: readonly string[];
  const opened: { persistence: { close(): Promise<void> }; queue: { close(): Promise<void> } }[] =
    [];

  beforeAll(async () => {
    process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
    process.env['AWS_REGION'] ??= 'eu-central-1';
    aws = await startFakeAws();
    arns = [await createKey(aws), await createKey(aws)];
  });

  afterAll(async () => {
    for (const { persistence, queue } of opened) {
      await queue.close();
      await persistence.close();
    }
    await aws.stop();
  });

  /** Nothing is connected to: what is asked for is the encryptor alone. */
  async function encryptorBy(environment: Readonly<Record<string, string>>): Promise<Encryptor> {
    const adapters = await environmentAdapters(
      parseEnvironment({
        TENON_PUBLIC_URL: 'http://127.0.0.1:9',
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
        TENON_QUEUE_URLS: 'default=http://127.0.0.1:9/000000000000/default',
        TENON_QUEUE_ENDPOINT: 'http://127.0.0.1:9',
        TENON_QUEUE_REGION: 'eu-central-1',
        TENON_LOG_LEVEL: 'silent',
        ...environment,
      }),
    );
    opened.push(adapters);
    return adapters.encryptor;
  }

  const calls = (operation: string): number =>
    aws.calls.filter((call) => call.operation === `kms.${operation}`).length;

  it('write, through the endpoint that is named, and read what keys of the environment wrote before', async () => {
    const key = `k1:${generateKey()}`;
    const aes = await encryptorBy({ TENON_ENCRYPTION_KEYS: key });
    const before = await aes.encrypt('before', place);
    expect(calls('GenerateDataKey')).toBe(0);

    const [arn = '', second = ''] = arns;
    const both = await encryptorBy({
      TENON_ENCRYPTION_KEYS: key,
      TENON_KMS_KEY_ARN: `${second},${arn}`,
      TENON_KMS_ENDPOINT: aws.endpoint,
    });
    const written = await both.encrypt('after', place);
    expect(calls('GenerateDataKey')).toBe(1);
    expect(await both.decrypt(before, place)).toBe('before');
    expect(both.readingKeyIds).toHaveLength(3);
    expect(both.writingKeyId).not.toBe('k1');

    const kms = await encryptorBy({ TENON_KMS_KEY_ARN: second, TENON_KMS_ENDPOINT: aws.endpoint });
    expect(await kms.decrypt(written, place)).toBe('after');
    expect(calls('Decrypt')).toBeGreaterThan(0);
    const missing = { code: 'ENCRYPTION_KEY_MISSING' };
    await expect((async () => kms.decrypt(before, place))()).rejects.toMatchObject(missing);
    const other = await encryptorBy({ TENON_KMS_KEY_ARN: arn, TENON_KMS_ENDPOINT: aws.endpoint });
    await expect((async () => other.decrypt(written, place))()).rejects.toMatchObject(missing);
  });
});
