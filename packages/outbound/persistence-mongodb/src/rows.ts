import { isId, type EntityName } from '@tenon/core';
import { codecOf, type DocumentCodec } from './document.js';
import { fenceError, Scope } from './scope.js';
import { ScopedRows } from './scoped-rows.js';
import type { Session } from './session.js';

/** The rows of an entity. */
export class Rows {
  readonly #session: Session;
  readonly codec: DocumentCodec;

  constructor(session: Session, name: EntityName) {
    this.#session = session;
    this.codec = codecOf(name);
  }

  /** The rows of one tenant, and no way to others. @throws TenonError `TENANT_FENCE` without a tenant. */
  of(tenantId: string): ScopedRows {
    if (typeof tenantId !== 'string' || !isId(tenantId)) {
      throw fenceError('Statements on rows of tenants need the id of a tenant');
    }
    return new ScopedRows(this.#session, new Scope(this.codec, tenantId));
  }

  /**
   * The rows of all tenants. For what the core says is across tenants: lookups by an unguessable id or hash, claims and sweeps
   * of maintenance, and rows that belong to no tenant. `tenant-fence.test.ts` lists who uses it.
   */
  acrossTenants(): ScopedRows {
    return new ScopedRows(this.#session, new Scope(this.codec, null));
  }
}
