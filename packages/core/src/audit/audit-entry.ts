import type { Brand } from '../platform/brand.js';
import type { Context } from '../platform/context.js';
import type { JsonObject } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

export type AuditEntryId = Brand<string, 'AuditEntryId'>;

/** Who did it. */
export interface AuditActor {
  readonly kind: Context['actor'];
  /** Null for the product's back end and for what runs by itself. */
  readonly userId: UserId | null;
}

/** What it was done to. */
export interface AuditSubject {
  /** For example `connection`. */
  readonly type: string;
  readonly id: string;
}

/** One line of a tenant's audit trail. Written once, never changed. */
export interface AuditEntry {
  readonly id: AuditEntryId;
  readonly tenantId: TenantId;
  /** 1 for the first entry of the tenant, without a gap. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly actor: AuditActor;
  /** For example `connection.deleted`. */
  readonly action: string;
  readonly subject: AuditSubject;
  /** Facts, never a secret. */
  readonly details: JsonObject;
  readonly requestId: string;
  /** `hash` of the entry before; {@link FIRST_PREVIOUS_HASH} for the first. */
  readonly previousHash: string;
  /** Binds this entry and, by `previousHash`, all before it. See `auditHash`. */
  readonly hash: string;
}

/** What is there to be entered: the chain gives it its place. */
export type NewAuditEntry = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>;

/** The last entry of a tenant's trail. */
export type AuditHead = Pick<AuditEntry, 'sequence' | 'hash'>;

/** What stands before the first entry. */
export const FIRST_PREVIOUS_HASH = 'none';
