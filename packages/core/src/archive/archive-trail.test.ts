import { describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { aTenant, createTestPlatform, testCrypto, testEncryptor, uniqueId } from '@tenon/testing';
import { AuditTrail } from '../audit/audit-trail.js';
import type { AuditVerification } from '../audit/audit-verification.js';
import { VerifyAudit } from '../audit/verify-audit.use-case.js';
import { systemContext } from '../platform/context.js';
import { silentLogger } from '../platform/logger.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { TenantId } from '../tenant/tenant.js';
import { archiveWorld, pieces } from './archive-world.fixture.js';

const newPersistence = () => createMemoryPersistence({ encryptor: testEncryptor() });

async function enter(persistence: Persistence, tenantId: TenantId, count: number): Promise<void> {
  const platform = createTestPlatform({ seed: uniqueId() });
  const trail = new AuditTrail({ ...platform, persistence, logger: silentLogger });
  const origin = { tenantId, requestId: 'r', actor: 'system', userId: null } as const;
  for (let index = 0; index < count; index += 1)
    await trail.record(origin, { action: 'a', subject: { type: 't', id: `${index}` } });
  expect(trail.pending).toBe(false);
}

function verify(persistence: Persistence, tenantId: TenantId): Promise<AuditVerification> {
  const context = systemContext({ requestId: 'r', tenantId, logger: silentLogger });
  return new VerifyAudit({ persistence, crypto: testCrypto }).execute(context, {});
}

describe('the audit trail of a tenant that moves', () => {
  it('verifies and goes on, though entries were made while the archive was', async () => {
    const source = archiveWorld(newPersistence());
    const { id: tenantId, ...rest } = aTenant();
    await source.persistence.tenants.insert({ id: tenantId, ...rest });
    await enter(source.persistence, tenantId, 3);
    const whole = await source.exported({ tenantId });
    // Stopped when the end of the trail was written, and its entries were not.
    const lines = whole.split('\n');
    const heads = lines.findIndex((line) => line.startsWith('{"end":{"e":"auditHeads"'));
    expect(heads).toBeGreaterThan(0);
    const cut = Buffer.from(lines.slice(0, heads + 1).join('\n') + '\n');
    await enter(source.persistence, tenantId, 2);
    const text = await source.exported({ tenantId, cut, resume: pieces(cut.toString()) });
    const target = archiveWorld(newPersistence());
    await target.imported(text, { check: true });
    expect(await verify(target.persistence, tenantId)).toMatchObject({ ok: true, checked: 3 });
    await enter(target.persistence, tenantId, 1);
    expect(await verify(target.persistence, tenantId)).toMatchObject({ ok: true, checked: 4 });
  });

  it('is not mixed with what was entered behind the deletion of the tenant', async () => {
    const { persistence, exported, imported } = archiveWorld(newPersistence());
    const tenant = aTenant();
    await persistence.tenants.insert(tenant);
    await enter(persistence, tenant.id, 3);
    const text = await exported({ tenantId: tenant.id });
    await persistence.tenants.update({ ...tenant, status: 'deleting' });
    for (const entity of ['audit', 'auditHeads', 'tenants'] as const)
      await persistence.tenantData.deleteBatch(tenant.id, entity, 10);
    await enter(persistence, tenant.id, 1);
    await imported(text, { check: true });
    expect(await verify(persistence, tenant.id)).toMatchObject({ ok: true, checked: 3 });
  });
});
