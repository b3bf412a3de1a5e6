import { requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery, type Page, type PageRequest } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditFilter } from './audit-repository.port.js';

/** Lists a tenant's audit entries, newest first. Who sees its own rows only sees what it did itself. */
export class ListAuditEntries {
  constructor(private readonly parts: { readonly persistence: Pick<Repositories, 'audit'> }) {}

  /** Needs `audit:read`. @throws ForbiddenError, ValidationError (`INVALID_CURSOR`). */
  async execute(context: Context, input: PageRequest & AuditFilter): Promise<Page<AuditEntry>> {
    requireScope(context, 'audit:read');
    const { limit, cursor, ...filter } = input;
    const page = toPageQuery({ limit, cursor });
    const own = visibleUser(context);
    const wanted = filter.actorUserId;
    if (own !== undefined && wanted !== undefined && wanted !== own) {
      return { items: [], nextCursor: null };
    }
    const actorUserId = own ?? wanted;
    return this.parts.persistence.audit.list(context.tenantId, { ...filter, actorUserId }, page);
  }
}
