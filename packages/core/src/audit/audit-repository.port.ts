import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { AuditActor, AuditEntry, AuditHead } from './audit-entry.js';

/** Restricts a list; conditions add up. */
export interface AuditFilter {
  readonly action?: string | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly actorKind?: AuditActor['kind'] | undefined;
  readonly actorUserId?: UserId | undefined;
  /** Within. */
  readonly from?: Date | undefined;
  /** Not within. */
  readonly to?: Date | undefined;
}

/**
 * Audit trails, one per tenant. Nothing changes or removes an entry: the port has no method for it, and where a database can it
 * refuses such statements of anybody. The one way out is the deletion of the whole tenant (`TenantDataRepository`): only once it is
 * marked as deleting, which is for good, or gone; and the head last, so that until then what is missing is found.
 */
export interface AuditRepository {
  /** The end of the trail as the database remembers it apart from the entries; null for an empty trail. */
  head(tenantId: TenantId): Promise<AuditHead | null>;
  /**
   * Appends entries that follow each other (`chainAfter`), the first one after `head`, and makes the last one the new head. Answers
   * how many were appended: all, or fewer (0 too) when somebody else appended meanwhile. Then read the head and chain the rest anew.
   * Two entries of a tenant never have one sequence number: the database refuses. An adapter that cannot write entries and head in one
   * step appends a prefix and puts the head right on its next call.
   */
  append(
    tenantId: TenantId,
    head: AuditHead | null,
    entries: readonly AuditEntry[],
  ): Promise<number>;
  /** Newest first. */
  list(tenantId: TenantId, filter: AuditFilter, page: PageQuery): Promise<Page<AuditEntry>>;
  /** In order, after a sequence number: for verification. */
  read(tenantId: TenantId, afterSequence: number, limit: number): Promise<readonly AuditEntry[]>;
}
