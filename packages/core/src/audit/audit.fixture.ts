import { anAuditEntry, testCrypto, uniqueId } from '@tenon/testing';
import { systemContext } from '../platform/context.js';
import { silentLogger } from '../platform/logger.port.js';
import type { TenantId } from '../tenant/tenant.js';
import { chainAfter } from './audit-chain.js';
import type { AuditEntry, AuditHead } from './audit-entry.js';
import type { AuditRepository } from './audit-repository.port.js';
import type { AuditVerification, VerifyAuditInput } from './audit-verification.js';
import { VerifyAudit } from './verify-audit.use-case.js';

export const trailTenant = uniqueId<TenantId>();

/** A trail as it was written. */
export function aTrail(length: number): readonly AuditEntry[] {
  const rows = Array.from({ length }, (_, index) =>
    anAuditEntry({ tenantId: trailTenant, details: { index, nested: [{ index }] } }),
  );
  return chainAfter(testCrypto, null, rows);
}

export const headOf = (entry: AuditEntry | undefined): AuditHead | null =>
  entry ? { sequence: entry.sequence, hash: entry.hash } : null;

/** Trails that somebody with the database's own tools may have changed. */
export class KeptTrail implements AuditRepository {
  constructor(
    private readonly entries: readonly AuditEntry[],
    private readonly end: AuditHead | null,
  ) {}

  async head(): Promise<AuditHead | null> {
    return this.end;
  }

  async append(): Promise<number> {
    throw new Error('It is only read');
  }

  async list(): Promise<never> {
    throw new Error('It is only walked');
  }

  async read(_: TenantId, afterSequence: number, limit: number): Promise<readonly AuditEntry[]> {
    const later = this.entries.filter(({ sequence }) => sequence > afterSequence);
    return later.sort((a, b) => a.sequence - b.sequence).slice(0, limit);
  }

  verify(input: VerifyAuditInput = {}): Promise<AuditVerification> {
    const context = systemContext({
      ...{ requestId: 'r', tenantId: trailTenant, logger: silentLogger },
    });
    const parts = { persistence: { audit: this }, crypto: testCrypto };
    return new VerifyAudit(parts).execute(context, input);
  }
}
