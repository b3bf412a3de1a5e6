import type { AppContext } from '../platform/context.js';
import type { TenantDataRepository } from '../tenant/tenant-data-repository.port.js';
import type { TenantRepository } from '../tenant/tenant-repository.port.js';
import type { TenantId } from '../tenant/tenant.js';
import type { ImportProgress, ImportTenantInput } from './archive-io.js';
import type { ArchiveHeader } from './archive-format.js';
import { openArchiveKey } from './archive-key.js';
import type { ArchiveKeyParts } from './archive-key.js';
import { ArchiveVerifier, verifiedParts } from './archive-verifier.js';
import { BatchReader, RowsDigest } from './import-rows.js';
import type { ArchiveBatch } from './import-rows.js';
import { ImportTarget } from './import-target.js';
import type { TenantArchive } from './tenant-archive.port.js';

const CHECK_KEY_BYTES = 32;

interface Parts extends ArchiveKeyParts {
  readonly tenants: TenantRepository;
  readonly tenantData: TenantDataRepository;
  readonly archive: TenantArchive;
}

interface Import {
  readonly target: ImportTarget;
  readonly batches: BatchReader;
  readonly given: RowsDigest;
  readonly read: RowsDigest;
}

/** Imports an archive: every row under its own id, secrets encrypted anew with the key that this database is written with. */
export class ImportTenant {
  constructor(private readonly parts: Parts) {}

  /**
   * The tenant stays suspended until everything is there. Rows are written only after their checksum was compared.
   * @throws TenonError `ARCHIVE_DAMAGED`, `ARCHIVE_TRUNCATED`, `ARCHIVE_UNSUPPORTED`, `ARCHIVE_KEY_WRONG`,
   * `ARCHIVE_TENANT_EXISTS`, `ARCHIVE_ROW_DIFFERS`, `ARCHIVE_CHECK_FAILED`; UniqueConflictError.
   */
  async *execute(context: AppContext, input: ImportTenantInput): AsyncGenerator<ImportProgress> {
    const { mode = 'new' } = input;
    const check = input.check === true && mode !== 'merge';
    const verifier = new ArchiveVerifier(this.parts.crypto);
    let work: Import | null = null;
    let rows = 0;
    try {
      for await (const part of verifiedParts(input.text, verifier)) {
        context.signal?.throwIfAborted();
        if (part.kind === 'header') work = await this.#begin(input, part.header);
        if (part.kind !== 'batch' || !work) continue;
        await writeBatch(work, part, check);
        rows += part.rows.length;
        yield progressOf(verifier, work, { entity: part.entity, rows, finished: false });
      }
    } finally {
      // Whoever is told of an end may close the database.
      await work?.target.settled().catch(() => undefined);
    }
    if (!work) return;
    await work.target.settled();
    if (check) await work.target.check(work.given, work.read);
    await work.target.finish();
    yield progressOf(verifier, work, { entity: null, rows, finished: true });
  }

  async #begin(input: ImportTenantInput, header: ArchiveHeader): Promise<Import> {
    const { crypto } = this.parts;
    const { mode = 'new', skipDifferent = false } = input;
    const tenantId = header.tenantId as TenantId;
    const encryptor = await openArchiveKey(this.parts, input.key, header);
    const checkKey = crypto.randomToken(CHECK_KEY_BYTES);
    return {
      target: new ImportTarget(this.parts, { tenantId, mode, skipDifferent }),
      batches: new BatchReader(tenantId, encryptor),
      given: new RowsDigest(crypto, checkKey),
      read: new RowsDigest(crypto, checkKey),
    };
  }
}

async function writeBatch(work: Import, batch: ArchiveBatch, check: boolean): Promise<void> {
  const { target, batches, given } = work;
  const rows = await batches.read(batch);
  const [first] = rows;
  if (batch.entity === 'tenants' && first) return target.begin(first);
  if (target.keepsOwn(batch.entity)) return;
  if (check) given.add(batch.entity, rows);
  return target.write(batch.entity, rows);
}

function progressOf(
  { header }: ArchiveVerifier,
  { target }: Import,
  at: Pick<ImportProgress, 'entity' | 'rows' | 'finished'>,
): ImportProgress {
  return { tenantId: (header?.tenantId ?? '') as TenantId, ...target.counts, ...at };
}
