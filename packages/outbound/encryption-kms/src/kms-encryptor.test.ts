import { DecryptCommand, DisableKeyCommand, EnableKeyCommand, KMS } from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EncryptionContext } from '@tenon/core';
import { inspect } from 'node:util';
import { createKmsEncryptor, kmsKeys } from './create-kms-encryptor.js';
import { startKms, type KmsUnderTest } from './kms.fixture.js';
import { blobOf } from './sealed-text.js';

let kms: KmsUnderTest;
let k1: string;

beforeAll(async () => {
  kms = await startKms();
  k1 = await kms.createKey();
});
afterEach(() => kms.aws.clearFaults());
afterAll(() => kms.stop());

const place = (row: number, tenantId = 'tenant'): EncryptionContext => ({
  tenantId,
  table: 'credentials',
  column: 'material',
  rowId: `row ${row}`,
});
const make = (options: object = {}) =>
  kms.encryptor({ keys: { k1 }, writingKeyId: 'k1', ...options });
const codeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** Calls of KMS that `work` costs. */
async function calls(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = kms.aws.calls.length;
  await work();
  return kms.aws.calls.slice(before).map(({ operation }) => operation);
}

async function hundred(tenantOf: (row: number) => string = () => 'tenant', options: object = {}) {
  const encryptor = make(options);
  const rows = Array.from({ length: 100 }, (_, row) => place(row, tenantOf(row)));
  const texts = await Promise.all(
    rows.map(async (row) => encryptor.encrypt(`secret ${row.rowId}`, row)),
  );
  const read = async (options: object = {}): Promise<void> => {
    const other = make(options);
    const found = await Promise.all(
      rows.map(async (row, index) => other.decrypt(texts[index]!, row)),
    );
    expect(found).toEqual(rows.map((row) => `secret ${row.rowId}`));
  };
  return { encryptor, rows, texts, read };
}

describe('calls of KMS', () => {
  it('are one for a hundred values written, and one for a hundred read', async () => {
    const written = await calls(() => hundred());
    expect(written).toEqual(['kms.GenerateDataKey']);
    const { read } = await hundred();
    expect(await calls(() => read())).toEqual(['kms.Decrypt']);
    expect(await calls(() => read({ perTenant: true }))).toEqual(['kms.Decrypt']);
  });

  it('are none for reading what was just written', async () => {
    const encryptor = make();
    const sealed = await encryptor.encrypt('x', place(1));
    expect(await calls(async () => encryptor.decrypt(sealed, place(1)))).toEqual([]);
    expect(encryptor.decrypt(sealed, place(1))).toBe('x');
  });

  it('are one for each tenant when data keys are of tenants', async () => {
    const { texts, rows, read } = await hundred((row) => `tenant ${row % 4}`, { perTenant: true });
    expect(new Set(texts.map((text) => text.split(':')[2])).size).toBe(4);
    expect(await calls(() => read())).toHaveLength(4);
    const moved = () => make().decrypt(texts[0]!, { ...rows[0]!, tenantId: 'tenant 1' });
    expect(await codeOf(moved)).toBe('DECRYPTION_FAILED');
  });

  it('are signed, and carry the encryption context that KMS then demands', async () => {
    const context = { app: 'crm' };
    const encryptor = make({ perTenant: true, context });
    const sealed = await encryptor.encrypt('x', place(1));
    const CiphertextBlob = blobOf(sealed.split(':')[2]!)!;
    const EncryptionContext = { ...context, tenon: 'data-key', tenant: 'tenant' };
    const unwrap = (more: object) =>
      kms.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, ...more }));
    expect((await unwrap({})).Plaintext).toHaveLength(32);
    for (const wrong of [{}, { ...EncryptionContext, tenant: 'other' }, context]) {
      await expect(unwrap({ EncryptionContext: wrong })).rejects.toMatchObject({
        name: 'InvalidCiphertextException',
      });
    }
    expect(kms.aws.calls.every(({ signed }) => signed)).toBe(true);
    expect(await codeOf(() => make({ context: { app: 'x' } }).decrypt(sealed, place(1)))).toBe(
      'DECRYPTION_FAILED',
    );
  });
});

describe('bounds', () => {
  it('a data key encrypts so many values, also when all come at once', async () => {
    const { texts } = await hundred(undefined, { maxValuesPerDataKey: 10 });
    const uses = new Map<string, number>();
    for (const text of texts) {
      const wrapped = text.split(':')[2]!;
      uses.set(wrapped, (uses.get(wrapped) ?? 0) + 1);
    }
    expect([...uses.values()]).toEqual(Array.from({ length: 10 }, () => 10));
  });

  it('a data key encrypts and decrypts for so long', async () => {
    let now = 0;
    const encryptor = make({ dataKeyTtlMs: 1_000, cacheTtlMs: 100, monotonicMs: () => now });
    const sealed = await encryptor.encrypt('x', place(1));
    const use = async (at: number): Promise<readonly string[]> => {
      now = at;
      return calls(async () => {
        await encryptor.encrypt('y', place(2));
        expect(await encryptor.decrypt(sealed, place(1))).toBe('x');
      });
    };
    expect(await use(99)).toEqual([]);
    expect(await use(100)).toEqual(['kms.Decrypt']);
    expect(await use(199)).toEqual([]);
    expect(await use(1_000)).toEqual(['kms.GenerateDataKey', 'kms.Decrypt']);
  });

  it('the cache holds so many keys; those in use are not lost by being let go', async () => {
    const { texts, rows } = await hundred(undefined, { maxValuesPerDataKey: 1 });
    const encryptor = make({ maxDataKeys: 3 });
    const read = async () => {
      const found = await Promise.all(
        rows.map(async (row, at) => encryptor.decrypt(texts[at]!, row)),
      );
      expect(found).toEqual(rows.map(({ rowId }) => `secret ${rowId}`));
    };
    expect(await calls(read)).toHaveLength(100);
    expect(await calls(read)).toHaveLength(100);
    const [last] = [rows.length - 1];
    expect(await calls(async () => encryptor.decrypt(texts[last]!, rows[last]!))).toEqual([]);
  });
});

describe('failures', () => {
  it('a key that is disabled is named, and read again when it is enabled', async () => {
    const { texts, rows } = await hundred();
    await kms.client.send(new DisableKeyCommand({ KeyId: k1 }));
    const encryptor = make();
    for (const work of [
      () => encryptor.decrypt(texts[0]!, rows[0]!),
      () => encryptor.encrypt('x', rows[0]!),
    ]) {
      await expect((async () => work())()).rejects.toMatchObject({
        code: 'ENCRYPTION_KEY_MISSING',
        retryable: false,
        message: expect.stringContaining("'k1'"),
        details: { keyId: 'k1', reason: 'DisabledException' },
      });
    }
    await kms.client.send(new EnableKeyCommand({ KeyId: k1 }));
    expect(await encryptor.decrypt(texts[0]!, rows[0]!)).toBe('secret row 0');
  });

  it.each([
    ['AccessDeniedException', 'ENCRYPTION_KEY_MISSING'],
    ['NotFoundException', 'ENCRYPTION_KEY_MISSING'],
    ['KMSInvalidStateException', 'ENCRYPTION_KEY_MISSING'],
    ['UnrecognizedClientException', 'MISCONFIGURED'],
    ['IncorrectKeyException', 'DECRYPTION_FAILED'],
  ])('%s is %s', async (type, code) => {
    const { texts, rows } = await hundred();
    kms.aws.failNext({ operation: 'kms.Decrypt', type });
    expect(await codeOf(() => make().decrypt(texts[0]!, rows[0]!))).toBe(code);
  });

  it('a KMS key that is not the one that wrapped is refused', async () => {
    const { texts, rows } = await hundred();
    const other = kms.encryptor({ keys: { k1: await kms.createKey() }, writingKeyId: 'k1' });
    expect(await codeOf(() => other.decrypt(texts[0]!, rows[0]!))).toBe('DECRYPTION_FAILED');
  });

  it('throttling is tried again, within bounds', async () => {
    const { texts, rows } = await hundred();
    const fault = { operation: 'kms.Decrypt', type: 'ThrottlingException' };
    kms.aws.failNext({ ...fault, times: 2 });
    expect(await make().decrypt(texts[0]!, rows[0]!)).toBe('secret row 0');
    kms.aws.failNext({ ...fault, times: Infinity });
    const tried = await calls(async () => {
      await expect((async () => make().decrypt(texts[0]!, rows[0]!))()).rejects.toMatchObject({
        code: 'KEY_SERVICE_UNAVAILABLE',
        category: 'unavailable',
        retryable: true,
      });
    });
    expect(tried).toHaveLength(3);
  });

  it('an outage is asked about once by everybody, and again after a while', async () => {
    let now = 0;
    const { texts, rows } = await hundred();
    const encryptor = make({ monotonicMs: () => now, failureTtlMs: 500 });
    const read = (row: number) => codeOf(() => encryptor.decrypt(texts[row]!, rows[row]!));
    kms.aws.failNext({ operation: 'kms.Decrypt', disconnect: true, times: Infinity });
    const tried = await calls(async () => {
      const codes = await Promise.all(rows.map((_, row) => read(row)));
      expect(new Set(codes)).toEqual(new Set(['KEY_SERVICE_UNAVAILABLE']));
      now = 499;
      expect(await read(0)).toBe('KEY_SERVICE_UNAVAILABLE');
    });
    expect(tried).toHaveLength(3);
    kms.aws.clearFaults();
    now = 500;
    expect(await read(0)).toBeNull();
  });

  it('show neither plaintexts nor keys', async () => {
    const captured: string[] = [];
    const real = new KMS({ endpoint: kms.aws.endpoint, region: 'us-east-1' });
    const client = {
      generateDataKey: async (input: Parameters<KMS['generateDataKey']>[0]) => {
        const answer = await real.generateDataKey(input);
        captured.push(Buffer.from(answer.Plaintext!).toString('base64').slice(0, 40));
        return answer;
      },
      decrypt: (input: Parameters<KMS['decrypt']>[0]) => real.decrypt(input),
    };
    const encryptor = createKmsEncryptor({ keys: { k1 }, writingKeyId: 'k1', client });
    const sealed = await encryptor.encrypt('canary', place(1));
    const error: unknown = await (async () => encryptor.decrypt(sealed, place(2)))().catch(
      (reason: unknown) => reason,
    );
    const shown = inspect([error, encryptor], { depth: null }) + JSON.stringify([error, encryptor]);
    expect(shown).not.toContain('canary');
    expect(captured).toHaveLength(1);
    expect(shown).not.toContain(captured[0]);
    real.destroy();
  });
});

describe('createKmsEncryptor', () => {
  const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

  it.each([
    ['an alias', { keys: { k: 'alias/mine' }, writingKeyId: 'k' }, "'alias/mine' is no ARN"],
    ['no keys', { keys: {}, writingKeyId: 'k' }, "'k' is none of the keys (none)"],
    ['a wrong id', { keys: { 'k:1': arn }, writingKeyId: 'k:1' }, 'letters, digits'],
    [
      'several regions',
      { keys: { k: arn, l: arn.replace('central', 'west') }, writingKeyId: 'k' },
      'eu-central-1, eu-west-1',
    ],
    ['no room', { keys: { k: arn }, writingKeyId: 'k', maxDataKeys: 0 }, "'maxDataKeys'"],
    ['our context', { keys: { k: arn }, writingKeyId: 'k', context: { tenant: 'x' } }, "'tenant'"],
    ['unknown options', { keys: { k: arn }, writingKeyId: 'k', perTennant: true }, "'perTenant'"],
  ])('refuses %s', (_, options, problem) => {
    expect(() => createKmsEncryptor(options)).toThrow(
      expect.objectContaining({
        code: 'MISCONFIGURED',
        message: expect.stringContaining(problem),
      }),
    );
  });

  it('takes the ids that KMS gave', () => {
    expect(kmsKeys([arn])).toEqual({ '1234abcd-12ab-34cd-56ef-1234567890ab': arn });
    expect(() => kmsKeys(['x'])).toThrow('no ARN of a key');
  });
});
