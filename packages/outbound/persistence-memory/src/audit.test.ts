import { describe, expect, it } from '@jest/globals';
import { chainAfter, silentLogger, systemContext, VerifyAudit } from '@tenon/core';
import type { TenantId } from '@tenon/core';
import { anAuditEntry, testCrypto, uniqueId } from '@tenon/testing';
import { createMemoryPersistence } from './persistence.js';

describe('the audit trail in memory', () => {
  it.each([
    [{ table: 'audit', column: 'action' }, 'forged', { sequence: 2, reason: 'changed' }],
    [{ table: 'audit', column: 'sequence' }, 9, { sequence: 2, reason: 'missing' }],
    [{ table: 'audit_heads', column: 'sequence' }, 4, { sequence: 4, reason: 'missing' }],
    [{ table: 'audit_heads', column: 'hash' }, 'forged', { sequence: 3, reason: 'head_mismatch' }],
  ])('is verified, and a change of %j is found', async (cell, value, broken) => {
    const persistence = createMemoryPersistence();
    const tenantId = uniqueId<TenantId>();
    const rows = Array.from({ length: 3 }, () => anAuditEntry({ tenantId }));
    await persistence.audit.append(tenantId, null, chainAfter(testCrypto, null, rows));
    const context = systemContext({ requestId: 'r', tenantId, logger: silentLogger });
    const verify = new VerifyAudit({ persistence, crypto: testCrypto });
    expect(await verify.execute(context, {})).toMatchObject({ ok: true, checked: 3 });
    const rowId = cell.table === 'audit' ? (rows[1]?.id ?? '') : tenantId;
    persistence.inspection.write({ ...cell, rowId }, value);
    expect(await verify.execute(context, {})).toMatchObject({ ok: false, broken });
  });
});
