import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Db } from 'mongodb';
import { chainAfter, silentLogger, systemContext, VerifyAudit } from '@tenon/core';
import type { AuditHead, AuditVerification, TenantId } from '@tenon/core';
import { anAuditEntry, testCrypto, uniqueId } from '@tenon/testing';
import type { MongodbPersistence } from './mongodb-persistence.js';
import { testPersistence, testServer, withDriver } from './mongodb.fixture.js';
import { withoutServer } from './without-server.fixture.js';

jest.setTimeout(60_000);

const serverUrl = await testServer();

/** What somebody with the database's own tools does to a trail of six entries, and where verification finds it. */
const tampering: readonly {
  readonly name: string;
  readonly found: AuditVerification['broken'];
  work(db: Db, tenantId: TenantId): Promise<unknown>;
}[] = [
  {
    name: 'a changed entry',
    found: { sequence: 3, reason: 'changed' },
    work: (db, tenantId) =>
      db.collection('audit').updateOne({ tenantId, sequence: 3 }, { $set: { action: 'x' } }),
  },
  {
    name: 'a removed entry',
    found: { sequence: 4, reason: 'missing' },
    work: (db, tenantId) => db.collection('audit').deleteOne({ tenantId, sequence: 4 }),
  },
  {
    name: 'two entries in the places of each other',
    found: { sequence: 2, reason: 'changed' },
    work: async (db, tenantId) => {
      for (const [from, to] of [
        [2, 20],
        [4, 2],
        [20, 4],
      ]) {
        const place = { tenantId, sequence: from };
        await db.collection('audit').updateOne(place, { $set: { sequence: to } });
      }
    },
  },
  {
    name: 'a tail that was cut off',
    found: { sequence: 5, reason: 'missing' },
    work: (db, tenantId) =>
      db.collection('audit').deleteMany({ tenantId, sequence: { $in: [5, 6] } }),
  },
  {
    name: 'a trail that was emptied',
    found: { sequence: 1, reason: 'missing' },
    work: (db, tenantId) => db.collection('audit').deleteMany({ tenantId }),
  },
];

if (serverUrl === null) withoutServer('audit trails');
else {
  describe('the audit trail in MongoDB', () => {
    let persistence: MongodbPersistence;
    let url: string;

    beforeAll(async () => {
      ({ persistence, url } = await testPersistence({ serverUrl }));
    });
    afterAll(() => persistence.close());

    async function filled(): Promise<TenantId> {
      const tenantId = uniqueId<TenantId>();
      const rows = Array.from({ length: 6 }, (_, index) =>
        anAuditEntry({ tenantId, details: { index } }),
      );
      await persistence.audit.append(tenantId, null, chainAfter(testCrypto, null, rows));
      return tenantId;
    }

    function verify(tenantId: TenantId, anchor?: AuditHead): Promise<AuditVerification> {
      const context = systemContext({ requestId: 'r', tenantId, logger: silentLogger });
      return new VerifyAudit({ persistence, crypto: testCrypto }).execute(context, { anchor });
    }

    it.each(tampering)('verification finds $name', async ({ work, found }) => {
      const tenantId = await filled();
      expect(await verify(tenantId)).toMatchObject({ ok: true, checked: 6 });
      await withDriver(url, (client) => work(client.db(), tenantId));
      expect(await verify(tenantId)).toMatchObject({ ok: false, broken: found });
    });

    it('only an anchor finds a trail that was removed with its end', async () => {
      const tenantId = await filled();
      const { head } = await verify(tenantId);
      await withDriver(url, async (client) => {
        await client.db().collection('audit').deleteMany({ tenantId });
        await client.db().collection<{ _id: string }>('audit_heads').deleteOne({ _id: tenantId });
      });
      expect(await verify(tenantId)).toMatchObject({ ok: true, checked: 0 });
      const { broken } = await verify(tenantId, head ?? undefined);
      expect(broken).toEqual({ sequence: 1, reason: 'missing' });
    });
  });
}
