import fc from 'fast-check';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createTestPlatform, tenantRows, testAppContext, testEncryptor } from '@tenon/testing';
import type { TenantRows } from '@tenon/testing';
import { secret } from '../platform/secret.js';
import type { Encryptor } from '../platform/encryptor.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { TenantId } from '../tenant/tenant.js';
import { ExportTenant } from './export-tenant.use-case.js';
import type { MakeArchiveEncryptor } from './archive-key.js';
import { ImportTenant } from './import-tenant.use-case.js';
import { VerifyArchive } from './verify-archive.use-case.js';
import type {
  ExportTenantInput,
  ImportProgress,
  ImportTenantInput,
  VerifiedArchive,
} from './archive-io.js';

export const archiveKey = secret('a key that is long enough');
export const appContext = testAppContext();

const encryptors = new Map<string, Encryptor>();

/** The same encryptor for the same key. */
export const makeEncryptor: MakeArchiveEncryptor = async (key) => {
  const known = encryptors.get(key.reveal()) ?? testEncryptor({ keyId: 'archive' });
  encryptors.set(key.reveal(), known);
  return known;
};

/** A database with the use cases on it. */
export interface ArchiveWorld {
  readonly persistence: Persistence;
  /** With `cut`, the bytes of an interrupted export, what it becomes. */
  exported(
    input: Partial<ExportTenantInput> & { readonly tenantId: TenantId; readonly cut?: Buffer },
  ): Promise<string>;
  imported(text: string, input?: Partial<ImportTenantInput>): Promise<ImportProgress>;
  verified(text: string): Promise<VerifiedArchive>;
}

/** The text in pieces of a length. */
export async function* pieces(text: string, length = 10_000): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += length) yield text.slice(start, start + length);
}

export function archiveWorld(
  persistence: Persistence = createMemoryPersistence({ encryptor: testEncryptor() }),
): ArchiveWorld {
  const { tenants, tenantData, archive } = persistence;
  const platform = createTestPlatform();
  const crypto = {
    ...platform.crypto,
    // Without the cost that makes guessing slow.
    scrypt: async (key: string, salt: string) => platform.crypto.sha256(`${key}/${salt}`),
  };
  const parts = { ...platform, crypto, tenants, tenantData, archive, makeEncryptor };
  return {
    persistence,
    async exported({ cut = Buffer.from(''), ...input }) {
      let text = '';
      const chunks = new ExportTenant(parts).execute(appContext, { key: archiveKey, ...input });
      for await (const chunk of chunks) {
        if (chunk.cutAt !== null) text = cut.subarray(0, chunk.cutAt).toString();
        text += chunk.text;
      }
      return text;
    },
    async imported(text, input = {}) {
      let last: ImportProgress | null = null;
      const given = { text: pieces(text), key: archiveKey, ...input };
      for await (const progress of new ImportTenant(parts).execute(appContext, given)) {
        last = progress;
      }
      if (!last) throw new Error('Nothing was imported');
      return last;
    },
    verified: (text) =>
      new VerifyArchive(parts).execute(appContext, { text: pieces(text, 777), key: archiveKey }),
  };
}

/** A world with one tenant that has rows of every entity. */
export async function populatedWorld(
  options: { readonly count?: number; readonly persistence?: Persistence } = {},
): Promise<{
  readonly world: ArchiveWorld;
  readonly tenantId: TenantId;
  readonly rows: TenantRows;
}> {
  const world = archiveWorld(options.persistence);
  const rows = tenantRows(fc, { count: options.count ?? 4, seed: 1 });
  const tenantId = rows.get('tenants')?.[0]?.['id'] as TenantId;
  for (const [entity, each] of rows) await world.persistence.archive.write(tenantId, entity, each);
  return { world, tenantId, rows };
}
