import { VersionConflictError } from '../platform/common.errors.js';
import type { Clock } from '../platform/clock.port.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { JsonObject } from '../platform/json.js';
import type { Logger } from '../platform/logger.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { retryConflicts } from '../platform/retry-conflicts.js';
import { toJsonObject } from '../platform/to-json.js';
import type { TenantId } from '../tenant/tenant.js';
import { chainAfter } from './audit-chain.js';
import type { AuditActor, AuditEntryId, AuditSubject, NewAuditEntry } from './audit-entry.js';

/** Who acts, in which request. A {@link Context} is one. */
export type AuditOrigin = Pick<Context, 'tenantId' | 'requestId' | 'actor' | 'userId'>;

/** One thing that was done. */
export interface AuditEvent {
  /** 1 to 100 characters, for example `key.rotated`. */
  readonly action: string;
  readonly subject: AuditSubject;
  /** Facts; never a secret. */
  readonly details?: JsonObject;
}

/** A use of a credential. */
export interface CredentialRead {
  readonly tenantId: TenantId;
  readonly connectionId: string;
  readonly connector: string;
  /** What it was read for, for example `call`. */
  readonly purpose: string;
  readonly actor: AuditActor;
  readonly requestId: string;
}

/** What {@link AuditTrail} needs. */
export interface AuditTrailParts {
  readonly persistence: Pick<Repositories, 'audit'>;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly logger: Logger;
}

/** Reads of one connection by one actor for one purpose within this time are one entry. */
export const CREDENTIAL_READ_WINDOW_MS = 60_000;
const MAX_WINDOWS = 10_000;
/** More than this waits only while the database is away for long; then the log is the trail. */
const MAX_PENDING = 10_000;
const BATCH = 500;

const BROKEN = /[\0\p{Cs}]/gu;

/** Text that every database keeps as it is. */
function plain(text: string, max: number): string {
  return text.replace(BROKEN, '\uFFFD').slice(0, max).replace(BROKEN, '\uFFFD');
}

function plainDetails(details: JsonObject): JsonObject {
  const text = JSON.stringify(toJsonObject(details, 'The details of an audit entry'));
  const escaped = /\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g;
  return JSON.parse(text.replace(escaped, '\\ufffd')) as JsonObject;
}

/**
 * Writes the audit trail of a process. What was recorded is kept in memory until the database has it: a failure is logged and made up
 * for by the next `flush`, it never undoes or fails what was done. Call `flush` at the end of every request and job, and before closing; inside of
 * a transaction neither `record` nor `flush`, which use a connection of their own.
 */
export class AuditTrail {
  #pending: NewAuditEntry[] = [];
  #flushing: Promise<void> = Promise.resolve();
  /** When a read was last entered, oldest first. */
  readonly #reads = new Map<string, number>();

  constructor(private readonly parts: AuditTrailParts) {}

  /** Whether something waits to be written. */
  get pending(): boolean {
    return this.#pending.length > 0;
  }

  /** Enters what was done, and writes it. Resolves when it is stored, or when storing failed for now. */
  async record(origin: AuditOrigin, event: AuditEvent): Promise<void> {
    const { tenantId, requestId, actor: kind, userId } = origin;
    this.#add({ ...event, tenantId, requestId, actor: { kind, userId } });
    await this.flush();
  }

  /** Notes the use of a credential, once a minute per connection, actor and purpose. Writes nothing: `flush` does. */
  noteCredentialRead(read: CredentialRead): void {
    const { tenantId, connectionId, connector, purpose, actor, requestId } = read;
    const now = this.parts.clock.monotonicMs();
    const key = `${connectionId}/${actor.kind}/${actor.userId ?? ''}/${purpose}`;
    const last = this.#reads.get(key);
    if (last !== undefined && now - last < CREDENTIAL_READ_WINDOW_MS) return;
    this.#reads.delete(key);
    if (this.#reads.size >= MAX_WINDOWS) this.#reads.delete(this.#reads.keys().next().value ?? '');
    this.#reads.set(key, now);
    this.#add({
      tenantId,
      requestId,
      actor,
      action: 'credential.read',
      subject: { type: 'connection', id: connectionId },
      details: { connector, purpose },
    });
  }

  /** Writes what waits, in batches. Never throws. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  #add(
    entry: AuditEvent & Pick<NewAuditEntry, 'tenantId' | 'actor'> & { readonly requestId: string },
  ): void {
    const { clock, ids, logger } = this.parts;
    const { tenantId, actor, action, subject, details = {}, requestId } = entry;
    const added: NewAuditEntry = {
      id: ids.next<AuditEntryId>(),
      tenantId,
      createdAt: clock.now(),
      actor,
      action: plain(action, 100),
      subject: { type: plain(subject.type, 100), id: plain(subject.id, 500) },
      details: plainDetails(details),
      requestId: plain(requestId, 200),
    };
    if (this.#pending.length < MAX_PENDING) this.#pending.push(added);
    else
      logger.error('The audit trail cannot be written; an entry is in this line alone', {
        ...added,
      });
  }

  async #write(): Promise<void> {
    const waiting = this.#pending;
    if (waiting.length === 0) return;
    this.#pending = [];
    const failed: NewAuditEntry[] = [];
    for (const [tenantId, entries] of byTenant(waiting)) {
      try {
        await this.#append(tenantId, entries);
      } catch (error) {
        // Whether the last ones are stored may be unknown. Under new ids they are entered once more rather than never.
        failed.push(
          ...entries.map((entry) => ({ ...entry, id: this.parts.ids.next<AuditEntryId>() })),
        );
        const count = entries.length;
        this.parts.logger.error('Audit entries wait to be written', { tenantId, count, error });
      }
    }
    this.#pending = [...failed, ...this.#pending];
  }

  /** Takes out of `entries` what is appended, after whatever other processes append at the same time. */
  async #append(tenantId: TenantId, entries: NewAuditEntry[]): Promise<void> {
    const { persistence, crypto } = this.parts;
    while (entries.length > 0) {
      const appended = await retryConflicts(async () => {
        const head = await persistence.audit.head(tenantId);
        const batch = chainAfter(crypto, head, entries.slice(0, BATCH));
        const count = await persistence.audit.append(tenantId, head, batch);
        if (count === 0) throw new VersionConflictError('audit trail', tenantId);
        return count;
      });
      entries.splice(0, appended);
    }
  }
}

function byTenant(entries: readonly NewAuditEntry[]): ReadonlyMap<TenantId, NewAuditEntry[]> {
  const groups = new Map<TenantId, NewAuditEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.tenantId);
    if (group) group.push(entry);
    else groups.set(entry.tenantId, [entry]);
  }
  return groups;
}
