import { describe, expect, it } from '@jest/globals';
import { aTenant, testEncryptor, uniqueId } from '@tenon/testing';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import type { TenantId } from '../tenant/tenant.js';
import { ImportTarget } from './import-target.js';
import type { ArchiveRow, ArchiveWritten, TenantArchive } from './tenant-archive.port.js';

/** Writes that end when they are told to. */
class SlowArchive {
  readonly #ends: ((error: Error | null) => void)[] = [];
  ended = 0;

  get begun(): number {
    return this.#ends.length;
  }

  end(index: number, error: Error | null = null): void {
    this.#ends[index]?.(error);
  }

  write(): Promise<ArchiveWritten> {
    return new Promise((resolve, reject) => {
      this.#ends.push((error) => {
        this.ended += 1;
        if (error) reject(error);
        else resolve({ inserted: 1, different: [], equal: 0 });
      });
    });
  }
}

/** As many as are written at once. */
const WRITTEN_AT_ONCE = 800;

const rows = (count: number): ArchiveRow[] => Array.from({ length: count }, () => ({}));

describe('ImportTarget', () => {
  it('that fails has no write under way any more', async () => {
    const { tenants, tenantData } = createMemoryPersistence({ encryptor: testEncryptor() });
    const slow = new SlowArchive();
    const archive = slow as unknown as TenantArchive;
    const tenantId = uniqueId<TenantId>();
    const options = { tenantId, mode: 'new', skipDifferent: false } as const;
    const target = new ImportTarget({ tenants, tenantData, archive }, options);
    await target.begin(aTenant({ id: tenantId }) as unknown as ArchiveRow);
    await target.write('users', rows(WRITTEN_AT_ONCE));
    await target.write('users', rows(WRITTEN_AT_ONCE));
    expect(slow.begun).toBe(2);
    await target.write('users', rows(1));
    let failed = false;
    const settled = target.settled().catch((error: unknown) => {
      failed = true;
      expect(slow.ended).toBe(2);
      return error;
    });
    slow.end(0, new RangeError('no'));
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(failed).toBe(false);
    slow.end(1);
    expect(await settled).toEqual(new RangeError('no'));
  });
});
