import type { TenantId } from '@tenon/core';
import { aTenant } from '../fixtures/entities.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, codeOf } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';

/** Tests of `TenantRepository`. */
export function tenantContract({ describe, it, expect }: PersistenceSuite): void {
  describe('tenants', () => {
    it('tenants: insert keeps every field', async ({ persistence: { tenants } }) => {
      const tenant = aTenant({ status: 'suspended', version: 7 });
      await tenants.insert(tenant);
      expect(await tenants.find(tenant.id)).toEqual(tenant);
    });

    it('tenants: of twenty inserts with one id exactly one wins', async ({ persistence }) => {
      const id = uniqueId<TenantId>();
      const codes = await atOnce(20, (index) =>
        codeOf(persistence.tenants.insert(aTenant({ id, name: `writer ${index}` }))),
      );
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
    });

    it('tenants: find answers null for unknown and malformed ids', async ({ persistence }) => {
      for (const id of [uniqueId(), '', 'x', "' OR 1=1 --", '0'.repeat(5_000)]) {
        expect(await persistence.tenants.find(id as TenantId)).toBeNull();
      }
    });

    it('tenants: update compares the version and answers the next', async ({ persistence }) => {
      const tenant = aTenant();
      await persistence.tenants.insert(tenant);
      const changed = await persistence.tenants.update({ ...tenant, name: 'Renamed' });
      expect(changed).toEqual({ ...tenant, name: 'Renamed', version: 2 });
      expect(await persistence.tenants.find(tenant.id)).toEqual(changed);
      await expect(persistence.tenants.update({ ...tenant, name: 'Late' })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        retryable: true,
      });
      expect(await codeOf(persistence.tenants.update(aTenant()))).toBe('VERSION_CONFLICT');
      expect(await persistence.tenants.find(tenant.id)).toEqual(changed);
    });

    it('tenants: of twenty updates of one version exactly one wins', async ({ persistence }) => {
      const tenant = aTenant();
      await persistence.tenants.insert(tenant);
      const codes = await atOnce(20, (index) =>
        codeOf(persistence.tenants.update({ ...tenant, name: `writer ${index}` })),
      );
      const winner = codes.indexOf(null);
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
      expect(await persistence.tenants.find(tenant.id)).toMatchObject({
        name: `writer ${winner}`,
        version: 2,
      });
    });

    it('tenants: listDeleting walks by id', async ({ persistence: { tenants } }) => {
      const made = await atOnce(3, async (index) => {
        const tenant = aTenant(index === 1 ? {} : { status: 'deleting' });
        await tenants.insert(tenant);
        return tenant;
      });
      const seen: TenantId[] = [];
      for (let page = await tenants.listDeleting(null, 1); page.length > 0;) {
        expect(page.map(({ status }) => status)).toEqual(['deleting']);
        seen.push(...page.map(({ id }) => id));
        page = await tenants.listDeleting(page[0]!.id, 1);
      }
      const ids = made.map(({ id }) => id);
      expect(seen).toEqual([...seen].sort());
      expect(seen.filter((id) => ids.includes(id))).toEqual([ids[0], ids[2]].sort());
      expect(await tenants.listDeleting('malformed' as TenantId, 1)).toEqual([]);
    });

    it('tenants: rows are copies, in and out', async ({ persistence }) => {
      const tenant = { ...aTenant(), name: 'Before', createdAt: new Date() };
      await persistence.tenants.insert(tenant);
      const createdAt = tenant.createdAt.getTime();
      tenant.name = 'Changed by the caller';
      tenant.createdAt.setTime(0);
      const found = await persistence.tenants.find(tenant.id);
      expect(found).toMatchObject({ name: 'Before', createdAt: new Date(createdAt) });
      found?.createdAt.setTime(0);
      expect((await persistence.tenants.find(tenant.id))?.createdAt.getTime()).toBe(createdAt);
    });
  });
}
