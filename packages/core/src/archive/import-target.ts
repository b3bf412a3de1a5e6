import type { EntityName } from '../platform/entities.js';
import type { TenantDataRepository } from '../tenant/tenant-data-repository.port.js';
import type { TenantRepository } from '../tenant/tenant-repository.port.js';
import { tenantDeleting } from '../tenant/tenant.errors.js';
import type { Tenant, TenantId } from '../tenant/tenant.js';
import { archiveCheckFailed, archiveRowDiffers, archiveTenantExists } from './archive.errors.js';
import { archivedEntities, describedEntity } from './archive-entities.js';
import type { RowsDigest } from './import-rows.js';
import type { ArchiveKey, ArchiveRow, TenantArchive } from './tenant-archive.port.js';

/** What an import does about a tenant that is there. */
export type ImportMode = 'new' | 'resume' | 'merge';

/** What was written so far. */
export interface ImportCounts {
  readonly inserted: number;
  readonly equal: number;
  readonly different: number;
}

const PAGE_ROWS = 1_000;
const WRITE_ROWS = 800;

/** Rows that are not being written yet. */
interface Held {
  readonly entity: EntityName | null;
  readonly rows: readonly ArchiveRow[];
}

const NOTHING: Held = { entity: null, rows: [] };

/** The database of an import: the tenant is suspended until everything of it is there. */
export class ImportTarget {
  #entity: EntityName | null = null;
  #held: Held = NOTHING;
  #before: Promise<void> = Promise.resolve();
  #writing: Promise<void> = Promise.resolve();
  #inserted = 0;
  #equal = 0;
  #different = 0;
  #tenant: Tenant | null = null;

  constructor(
    private readonly parts: {
      readonly tenants: TenantRepository;
      readonly tenantData: TenantDataRepository;
      readonly archive: TenantArchive;
    },
    private readonly options: {
      readonly tenantId: TenantId;
      readonly mode: ImportMode;
      /** Whether rows that are there with other values are passed over. */
      readonly skipDifferent: boolean;
    },
  ) {}

  get counts(): ImportCounts {
    return { inserted: this.#inserted, equal: this.#equal, different: this.#different };
  }

  /** Whether it keeps its own rows of an entity: a trail that went on here cannot take in another one. */
  keepsOwn(entity: EntityName): boolean {
    return this.options.mode === 'merge' && describedEntity(entity).outlives;
  }

  /** Puts the tenant there, suspended, as a version before its own: what an interrupted import is known by. */
  async begin(row: ArchiveRow): Promise<void> {
    const tenant = row as unknown as Tenant;
    const { tenantId, mode } = this.options;
    const unfinished: Tenant = { ...tenant, status: 'suspended', version: tenant.version - 1 };
    const there = await this.parts.tenants.find(tenantId);
    if (there?.status === 'deleting') throw tenantDeleting(tenantId);
    if (there && mode === 'merge') return;
    const begun = there?.status === 'suspended' && there.version === unfinished.version;
    if (there && !begun) {
      throw archiveTenantExists(tenantId, 'merge into it, or delete it first');
    }
    if (there && mode === 'new') {
      throw archiveTenantExists(tenantId, 'an import of it was interrupted; resume it');
    }
    if (!there) {
      await this.#clearTrail();
      await this.parts.tenants.insert(unfinished);
    }
    this.#tenant = tenant;
  }

  /** Writes while the next rows are read: waits for what was begun before the last, not for these. */
  async write(entity: EntityName, rows: readonly ArchiveRow[]): Promise<void> {
    // Owners are there before what they own.
    if (this.#entity !== entity) await this.settled();
    this.#entity = entity;
    this.#held = { entity, rows: [...this.#held.rows, ...rows] };
    if (this.#held.rows.length >= WRITE_ROWS) await this.#flush();
  }

  /** Everything that was given is written. */
  async settled(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      // Both have ended, whichever fails.
      await Promise.allSettled([this.#before, this.#writing]);
    }
    await this.#before;
    await this.#writing;
  }

  /** Reads everything back. @throws TenonError `ARCHIVE_CHECK_FAILED`. */
  async check(given: RowsDigest, read: RowsDigest): Promise<void> {
    const { tenantId } = this.options;
    const reader = await this.parts.archive.openReader();
    try {
      for (const entity of archivedEntities) {
        if (entity === 'tenants') continue;
        const options = { after: null, pageSize: PAGE_ROWS };
        for await (const page of reader.read(tenantId, entity, options)) read.add(entity, page);
        const [wanted, found] = [given.finish(entity), read.finish(entity)];
        if (wanted !== found) throw archiveCheckFailed(entity, `${found} instead of ${wanted}`);
      }
    } finally {
      await reader.close();
    }
  }

  /** Gives the tenant the status that it has in the archive. */
  async finish(): Promise<void> {
    if (this.#tenant === null) return;
    await this.parts.tenants.update({ ...this.#tenant, version: this.#tenant.version - 1 });
  }

  async #flush(): Promise<void> {
    const { entity, rows } = this.#held;
    this.#held = NOTHING;
    if (entity === null) return;
    await this.#before;
    // Two at a time: a database has more than one processor.
    this.#before = this.#writing;
    this.#writing = this.#write(entity, rows);
    // It is awaited by a later call.
    this.#writing.catch(() => undefined);
  }

  async #write(entity: EntityName, rows: readonly ArchiveRow[]): Promise<void> {
    const { tenantId, skipDifferent } = this.options;
    const written = await this.parts.archive.write(tenantId, entity, rows);
    this.#inserted += written.inserted;
    this.#equal += written.equal;
    this.#different += written.different.length;
    const { different }: { readonly different: readonly ArchiveKey[] } = written;
    if (different.length > 0 && !skipDifferent) throw archiveRowDiffers(entity, different);
  }

  /** What was at work when the tenant was deleted here may have left entries: with them, its trail would be broken. */
  async #clearTrail(): Promise<void> {
    for (const entity of ['audit', 'auditHeads'] as const) {
      while ((await this.parts.tenantData.deleteBatch(this.options.tenantId, entity, 1_000)) > 0);
    }
  }
}
