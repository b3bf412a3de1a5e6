import type { EncryptionContext, Encryptor } from '@tenon/core';
import { uniqueId } from '../fixtures/unique.js';
import { codeOf } from './persistence-suite.js';
import { describeContract } from './suite.js';
import type { Made, Skips, Suite } from './suite.js';

/** Options of {@link encryptorContract}. */
export interface EncryptorContractOptions {
  /** The encryptor under test. */
  readonly make: () => Encryptor | Promise<Encryptor>;
  /** One whose key has another id, and that does not know the key of the first. */
  readonly makeOther: () => Encryptor | Promise<Encryptor>;
  /** One that writes with another key and still reads what the first one wrote. */
  readonly makeRotated?: () => Encryptor | Promise<Encryptor>;
  readonly skip?: Skips;
}

interface EncryptorsUnderTest extends Made {
  readonly encryptor: Encryptor;
  readonly other: Encryptor;
  readonly rotated: Encryptor | undefined;
}

type EncryptorSuite = Suite<EncryptorsUnderTest>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function aContext(): EncryptionContext {
  return { tenantId: uniqueId(), table: 'credentials', column: 'material', rowId: uniqueId() };
}

function sealingContract({ describe, it, expect }: EncryptorSuite): void {
  describe('sealing', () => {
    it('encryptor: any text comes back', async ({ encryptor }) => {
      const { default: fc } = await import('fast-check');
      const context = aContext();
      const texts = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        fc.constantFrom('', '\u0000', ':', '😀', 'a'.repeat(100_000), 'ä漢'.repeat(30_000)),
      );
      const property = fc.asyncProperty(texts, async (text) => {
        const sealed = await encryptor.encrypt(text, context);
        expect(await encryptor.decrypt(sealed, context)).toBe(text);
      });
      await fc.assert(property, { numRuns: 200 });
    });

    it('encryptor: the text form is as the port says', async ({ encryptor }) => {
      const sealed = await encryptor.encrypt('plain text', aContext());
      const parts = sealed.split(':');
      const lengths: Readonly<Record<string, number>> = { v1: 5, v2: 6 };
      expect(parts[1]).toBe(encryptor.writingKeyId);
      expect([parts[0], parts.length]).toEqual([parts[0], lengths[parts[0] ?? '']]);
      for (const part of parts.slice(2)) expect(part).toMatch(/^[\w-]+$/);
      expect(sealed).not.toContain('plain');
      expect(encryptor.readingKeyIds).toContain(encryptor.writingKeyId);
    });

    it('encryptor: one text is sealed differently each time', async ({ encryptor }) => {
      const context = aContext();
      const sealed = await Promise.all(
        Array.from({ length: 1_000 }, async () => encryptor.encrypt('same', context)),
      );
      expect(new Set(sealed).size).toBe(1_000);
      expect(new Set(sealed.map((text) => text.split(':').at(-3))).size).toBe(1_000);
    });

    it('encryptor: parallel calls do not mix', async ({ encryptor }) => {
      const work = Array.from({ length: 200 }, async (_, index) => {
        const context = aContext();
        const text = `${index} `.repeat(index);
        return (await encryptor.decrypt(await encryptor.encrypt(text, context), context)) === text;
      });
      expect(new Set(await Promise.all(work))).toEqual(new Set([true]));
    });
  });
}

function bindingContract({ describe, it, expect }: EncryptorSuite): void {
  const opening = (encryptor: Encryptor, text: string, context: EncryptionContext) =>
    codeOf(Promise.resolve().then(() => encryptor.decrypt(text, context)));

  describe('binding', () => {
    it('encryptor: every field of the context is bound', async ({ encryptor }) => {
      const context = aContext();
      const sealed = await encryptor.encrypt('secret', context);
      const elsewhere: EncryptionContext[] = [
        { ...context, tenantId: uniqueId() },
        { ...context, table: 'webhook_endpoints' },
        { ...context, column: 'other' },
        { ...context, rowId: uniqueId() },
        { ...context, tenantId: '' },
        { ...context, tenantId: context.rowId, rowId: context.tenantId },
        { ...context, table: context.column, column: context.table },
        { ...context, table: 'credentialsm', column: 'aterial' },
        { ...context, table: 'credentials|material', column: '' },
      ];
      for (const other of elsewhere) {
        expect(await opening(encryptor, sealed, other)).toBe('DECRYPTION_FAILED');
      }
      expect(await encryptor.decrypt(sealed, { ...context })).toBe('secret');
    });

    it('encryptor: a change of any character fails', async ({ encryptor }) => {
      const context = aContext();
      const sealed = await encryptor.encrypt('secret', context);
      const keyEnd = sealed.indexOf(':', 'v1:'.length);
      const survivors: string[] = [];
      for (let index = 0; index < sealed.length; index += 1) {
        const character = sealed.charAt(index);
        const other = ALPHABET.charAt((ALPHABET.indexOf(character) + 1) % ALPHABET.length);
        const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
        const code = await opening(encryptor, changed, context);
        const inKeyId = index >= 'v1:'.length && index < keyEnd;
        const expected = inKeyId ? 'ENCRYPTION_KEY_MISSING' : 'DECRYPTION_FAILED';
        // A change of the colon after the key id makes another key id of it, or no text form at all.
        const fine = code === expected || (index === keyEnd && code !== null);
        if (!fine) survivors.push(`${index} ${changed} ${String(code)}`);
      }
      expect(survivors).toEqual([]);
    });

    it('encryptor: cut, padded and foreign texts fail', async ({ encryptor }) => {
      const context = aContext();
      const sealed = await encryptor.encrypt('secret', context);
      const texts = [
        ...['', 'v1', 'secret', 'v1::::', `v1:${encryptor.writingKeyId}:::`],
        ...[sealed.slice(0, -1), sealed.slice(1), `${sealed}A`, `${sealed}=`, `${sealed}:`],
        ...[sealed.replace(/^v./, 'v9'), ` ${sealed}`, `${sealed}\n`],
      ];
      for (const text of texts) {
        expect([text, await opening(encryptor, text, context)]).not.toEqual([text, null]);
      }
    });

    it('encryptor: parts of two sealed texts do not fit together', async ({ encryptor }) => {
      const context = aContext();
      const one = (await encryptor.encrypt('secret', context)).split(':');
      const two = (await encryptor.encrypt('secret', context)).split(':');
      // The data key of both may be the same.
      for (const index of [one.length - 3, one.length - 2, one.length - 1]) {
        const mixed = one.map((part, at) => (at === index ? two[at] : part)).join(':');
        expect(await opening(encryptor, mixed, context)).toBe('DECRYPTION_FAILED');
      }
    });

    it('encryptor: errors show neither text nor sealed text', async ({ encryptor }) => {
      const context = aContext();
      const sealed = await encryptor.encrypt('canary-secret', context);
      const wrong = { ...context, rowId: uniqueId() };
      const error: unknown = await Promise.resolve()
        .then(() => encryptor.decrypt(sealed, wrong))
        .catch((reason: unknown) => reason);
      const shown = `${String(error)} ${JSON.stringify(error)}`;
      expect(shown).not.toContain('canary-secret');
      expect(shown).not.toContain(sealed.split(':').at(-2));
    });
  });
}

function keysContract({ describe, it, expect }: EncryptorSuite): void {
  describe('keys', () => {
    it('encryptor: a missing key is named', async ({ encryptor, other }) => {
      const context = aContext();
      expect(other.writingKeyId).not.toBe(encryptor.writingKeyId);
      const sealed = await encryptor.encrypt('secret', context);
      const opened = Promise.resolve().then(() => other.decrypt(sealed, context));
      await expect(opened).rejects.toMatchObject({
        code: 'ENCRYPTION_KEY_MISSING',
        message: expect.stringContaining(encryptor.writingKeyId),
      });
    });

    it('encryptor: a rotated ring reads the old and writes the new key', async ({
      encryptor,
      rotated,
    }) => {
      if (!rotated) return;
      const context = aContext();
      const old = await encryptor.encrypt('old', context);
      expect(await rotated.decrypt(old, context)).toBe('old');
      const fresh = await rotated.encrypt('new', context);
      expect(fresh.split(':')[1]).toBe(rotated.writingKeyId);
      expect(rotated.writingKeyId).not.toBe(encryptor.writingKeyId);
      expect(await rotated.decrypt(fresh, context)).toBe('new');
      expect([...rotated.readingKeyIds]).toEqual(
        expect.arrayContaining([encryptor.writingKeyId, rotated.writingKeyId]),
      );
    });
  });
}

/** The contract of `Encryptor`. */
export function encryptorContract(name: string, options: EncryptorContractOptions): void {
  const make = async (): Promise<EncryptorsUnderTest> => ({
    encryptor: await options.make(),
    other: await options.makeOther(),
    rotated: await options.makeRotated?.(),
    close: async () => undefined,
  });
  describeContract(`Encryptor: ${name}`, { make, skip: options.skip }, [
    sealingContract,
    bindingContract,
    keysContract,
  ]);
}
