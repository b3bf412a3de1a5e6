import type { AuditEntry } from '../audit/audit-entry.js';
import type { AuditFilter } from '../audit/audit-repository.port.js';
import type { AuditVerification, VerifyAuditInput } from '../audit/audit-verification.js';
import type { AppContext, Context } from '../platform/context.js';
import type { Page, PageRequest } from '../platform/page.js';

/** The commands of audit trails. */
export interface AuditCommands {
  /** Newest first. Who sees its own rows only sees what it did itself. */
  list(context: Context, input: PageRequest & AuditFilter): Promise<Page<AuditEntry>>;
  /** Recomputes the tenant's trail from its first entry. */
  verify(context: Context, input: VerifyAuditInput): Promise<AuditVerification>;
  /** The app's own trail: keys, and what outlives its tenant. Newest first. */
  listApp(context: AppContext, input: PageRequest & AuditFilter): Promise<Page<AuditEntry>>;
  /** Recomputes the app's own trail. */
  verifyApp(context: AppContext, input: VerifyAuditInput): Promise<AuditVerification>;
}
