import { ofAppTrail } from '../audit/app-trail.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { revokeConnection } from '../connection/revoke-connection.js';
import type { Connection } from '../connection/connection.js';
import { deleteInstallation } from '../installation/delete-installation.js';
import type { Installation } from '../installation/installation.js';
import type { JobParts } from '../job/job-parts.js';
import type { AppContext } from '../platform/context.js';
import { childrenFirst, type EntityName } from '../platform/entities.js';
import type { HttpClient } from '../platform/http-client.port.js';
import { keepLease } from '../platform/keep-lease.js';
import { decodeCursor, type Cursor, type Page, type PageQuery } from '../platform/page.js';
import { hasCode } from '../platform/tenon.error.js';
import type { DeleteTenantInput, TenantDeletion } from './tenant-deletion.js';
import { tenantDeletionRunning } from './tenant.errors.js';

/** What deleting a tenant needs. */
export interface TenantDeletionParts extends JobParts {
  readonly http: HttpClient;
  /** What it has noted about the tenant is written before that trail goes; the deletion is entered in the app's. */
  readonly audit: Pick<AuditTrail, 'flush' | 'record'>;
}

const LEASE_MS = 60_000;
/** Rows of one statement, so that a large tenant does not lock the tables for long. */
const BATCH = 1_000;
const PAGE = 50;
/** Connections that are revoked at a time. */
const AT_ONCE = 5;

/** One of 256 keys by the end of the id, which is random: leases have no tenant, and one of its own would be left behind. */
function leaseKeyOf(tenantId: string): string {
  return `tenants:delete:${tenantId.slice(-2)}`;
}

/**
 * Deletes what a tenant owns that is marked as `deleting`, from wherever an earlier deletion stopped.
 * @throws TenonError `TENANT_DELETION_RUNNING`, `INSTALLATION_BUSY` when the rest of the installations is deleted.
 */
export async function deleteTenant(
  parts: TenantDeletionParts,
  caller: AppContext,
  input: DeleteTenantInput,
): Promise<TenantDeletion> {
  const { leases } = parts.persistence;
  const { clock, crypto } = parts.platform;
  const { tenantId } = input;
  const logger = caller.logger.child({ tenantId });
  const owner = crypto.randomToken(16);
  const wish = { key: leaseKeyOf(tenantId), owner, ttlMs: LEASE_MS, now: clock.now() };
  const lease = await leases.acquire(wish);
  if (!lease) throw tenantDeletionRunning(tenantId, LEASE_MS);
  const kept = keepLease(lease, LEASE_MS, { leases, clock, logger });
  try {
    return await new Deletion(parts, { ...caller, logger }, input).run();
  } finally {
    await kept.release();
  }
}

class Deletion {
  readonly #deleted: Installation[] = [];
  #done: TenantDeletion;

  constructor(
    private readonly parts: TenantDeletionParts,
    private readonly caller: AppContext,
    private readonly input: DeleteTenantInput,
  ) {
    const { tenantId } = input;
    const counts = { installations: 0, connections: 0, rows: 0 };
    this.#done = { tenantId, entity: 'installations', ...counts, finished: false };
  }

  async run(): Promise<TenantDeletion> {
    await this.#files();
    if (!this.#stopped) await this.#installations();
    if (!this.#stopped) await this.#connections();
    if (!this.#stopped) await this.#stragglers();
    if (!this.#stopped) await this.#rows();
    const { finished, installations, connections, rows } = this.#done;
    const message = finished
      ? 'A tenant was deleted'
      : 'The deletion of a tenant was stopped; it can go on';
    this.caller.logger.info(message, { installations, connections, rows });
    return this.#done;
  }

  get #stopped(): boolean {
    return this.caller.signal?.aborted ?? false;
  }

  #tell(change: Partial<TenantDeletion>): void {
    this.#done = { ...this.#done, ...change };
    this.input.onProgress?.(this.#done);
  }

  /** Whoever keeps the bytes is told while the rows still say where they are; again after an interruption. */
  async #files(): Promise<void> {
    const { persistence, events } = this.parts;
    const { tenantId } = this.input;
    for await (const page of pagesOf((query) => persistence.files.list(tenantId, {}, query))) {
      if (this.#stopped) return;
      for (const { id: fileId, location } of page) {
        events.publish(tenantId, 'file.expired', { fileId, location });
      }
    }
  }

  /** One that is busy does not keep the others: it is reported once they are gone. */
  async #installations(): Promise<void> {
    const { installations } = this.parts.persistence;
    const { requestId, logger } = this.caller;
    let busy: Error | null = null;
    const list = (query: PageQuery) => installations.list(this.input.tenantId, {}, query);
    for await (const page of pagesOf(list)) {
      for (const installation of page) {
        if (this.#stopped) return;
        try {
          // Without the signal: a hook that has begun may come to its end, within its time.
          await deleteInstallation(this.parts, { requestId, logger }, installation);
          this.#deleted.push(installation);
          this.#tell({ installations: this.#deleted.length });
        } catch (error) {
          const { id: installationId } = installation;
          if (!hasCode(error, 'INSTALLATION_BUSY')) throw error;
          logger.warn('An installation of the tenant is busy', { installationId });
          busy ??= error;
        }
      }
    }
    if (busy) throw busy;
  }

  async #connections(): Promise<void> {
    const { connections } = this.parts.persistence;
    this.#tell({ entity: 'connections' });
    const list = (query: PageQuery) => connections.list(this.input.tenantId, {}, query);
    for await (const page of pagesOf(list)) {
      for (let start = 0; start < page.length; start += AT_ONCE) {
        if (this.#stopped) return;
        const some = page.slice(start, start + AT_ONCE);
        const gone = await Promise.all(some.map((connection) => this.#connection(connection)));
        const count = gone.filter(Boolean).length;
        this.#tell({ connections: this.#done.connections + count });
      }
    }
  }

  async #connection(connection: Connection): Promise<boolean> {
    const { persistence, platform, registry, http, events } = this.parts;
    const { id: connectionId, tenantId, connector, userId } = connection;
    const { crypto } = platform;
    await revokeConnection({ persistence, registry, http, crypto }, this.caller.logger, connection);
    if (!(await persistence.connections.delete(tenantId, connectionId))) return false;
    events.publish(tenantId, 'connection.deleted', { connectionId, connector, userId });
    return true;
  }

  /** Jobs that were at work may have written for installations that were gone by then. */
  async #stragglers(): Promise<void> {
    const { installations } = this.parts.persistence;
    for (const { tenantId, id } of this.#deleted) {
      while (!(await installations.deleteBatch(tenantId, id, BATCH)));
      if (this.#stopped) return;
    }
  }

  /** In rounds, until one finds nothing: what was at work when the tenant was shut may have written behind the first. */
  async #rows(): Promise<void> {
    const { persistence, audit, events } = this.parts;
    const { tenantId } = this.input;
    await audit.flush();
    for (let found = true; found;) {
      found = false;
      for (const entity of childrenFirst) {
        if (entity !== 'tenants' && (await this.#deleteAll(entity))) found = true;
        if (this.#stopped) return;
      }
    }
    await persistence.tenantData.deleteBatch(tenantId, 'tenants', 1);
    const { installations, connections, rows } = this.#done;
    await audit.record(ofAppTrail(this.caller), {
      action: 'tenant.deleted',
      subject: { type: 'tenant', id: tenantId },
      details: { installations, connections, rows },
    });
    events.publish(tenantId, 'tenant.deleted', {});
    this.#tell({ entity: null, finished: true });
  }

  async #deleteAll(entity: EntityName): Promise<boolean> {
    const { tenantData } = this.parts.persistence;
    for (let found = false; ; found = true) {
      const count = await tenantData.deleteBatch(this.input.tenantId, entity, BATCH);
      if (count === 0) return found;
      this.#tell({ entity, rows: this.#done.rows + count });
      if (this.#stopped) return true;
    }
  }
}

/** The pages of a list whose rows may be deleted meanwhile. */
async function* pagesOf<T>(
  list: (query: PageQuery) => Promise<Page<T>>,
): AsyncGenerator<readonly T[]> {
  for (let after: Cursor | null = null; ;) {
    const page: Page<T> = await list({ limit: PAGE, after });
    yield page.items;
    if (page.nextCursor === null) return;
    after = decodeCursor(page.nextCursor);
  }
}
