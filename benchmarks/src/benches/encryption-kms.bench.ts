import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createKmsEncryptor } from '@tenon/encryption-kms';
import { startFakeAws, type FakeAws } from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { interleave, median, medianRatio } from '../interleave.js';

const PLAINTEXT = 'x'.repeat(1_000);
const placeOf = (row: number) => ({
  tenantId: '01890a5d-ac96-774b-bcce-b302099a8057',
  table: 'credentials',
  column: 'material',
  rowId: `01890a5d-ac96-774b-bcce-${String(row).padStart(12, '0')}`,
});
const place = placeOf(0);
const perSecond = (times: readonly number[]): number => 1e6 / median(times);

async function withKms<T>(work: (aws: FakeAws, keys: { k1: string }) => Promise<T>): Promise<T> {
  const aws = await startFakeAws();
  process.env['AWS_ACCESS_KEY_ID'] ??= 'bench';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'bench';
  const client = new KMSClient({ endpoint: aws.endpoint, region: 'us-east-1' });
  try {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    return await work(aws, { k1: KeyMetadata?.Arn ?? '' });
  } finally {
    client.destroy();
    await aws.stop();
  }
}

/** Calls of KMS for reading a hundred values in a process that knows no data key yet. */
async function callsForHundred(aws: FakeAws, keys: { k1: string }): Promise<Row> {
  const make = () => createKmsEncryptor({ keys, writingKeyId: 'k1', endpoint: aws.endpoint });
  const rows = Array.from({ length: 100 }, (_, row) => placeOf(row));
  const writer = make();
  const texts = await Promise.all(rows.map(async (row) => writer.encrypt(PLAINTEXT, row)));
  const before = aws.calls.length;
  const reader = make();
  await Promise.all(rows.map(async (row, index) => reader.decrypt(texts[index] ?? '', row)));
  return {
    figure: 'calls of KMS for reading 100 credentials',
    unit: 'calls',
    ours: aws.calls.length - before,
    bar: { of: 'ours', max: 1 },
  };
}

async function againstAes(aws: FakeAws, keys: { k1: string }): Promise<Row[]> {
  const kms = createKmsEncryptor({ keys, writingKeyId: 'k1', endpoint: aws.endpoint });
  const aes = createAesEncryptor({ keys: { a1: generateKey() }, writingKeyId: 'a1' });
  const [byKms, byAes] = [await kms.encrypt(PLAINTEXT, place), aes.encrypt(PLAINTEXT, place)];
  const t = await interleave(
    {
      encrypt: () => kms.encrypt(PLAINTEXT, place),
      encryptAes: () => aes.encrypt(PLAINTEXT, place),
      decrypt: () => kms.decrypt(byKms, place),
      decryptAes: () => aes.decrypt(byAes, place),
    },
    { iterations: 5_000 },
  );
  const row = (figure: string, ours: readonly number[], peer: readonly number[]): Row => ({
    figure: `${figure} 1 KB, data key known`,
    unit: '/s',
    ours: perSecond(ours),
    peer: { name: 'encryption-aes', value: perSecond(peer) },
    ratio: medianRatio(peer, ours),
    bar: { of: 'ratio', min: 0.5 },
  });
  return [row('encrypt', t.encrypt, t.encryptAes), row('decrypt', t.decrypt, t.decryptAes)];
}

export const bench: Bench = {
  name: 'encryption-kms',
  title: 'field encryption with data keys of KMS',
  bar: '1 call of KMS for 100 values; ≥ 0.5× encryption-aes once a data key is known',
  run: () =>
    withKms(async (aws, keys) => [
      await callsForHundred(aws, keys),
      ...(await againstAes(aws, keys)),
    ]),
};
