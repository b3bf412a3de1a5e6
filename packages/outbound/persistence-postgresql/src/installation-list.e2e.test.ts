import { describe, expect, it, jest } from '@jest/globals';
import { ListInstallations, type Connection } from '@tenon/core';
import {
  aConnection,
  aCredential,
  anInstallation,
  testContext,
  testEncryptor,
} from '@tenon/testing';
import { testPersistence } from './postgres.fixture.js';
import { createPostgresqlPersistence } from './postgresql-persistence.js';
import { tellingPool } from './telling-pool.fixture.js';

jest.setTimeout(60_000);

const COUNT = 100;

describe('a hundred installations with their connections', () => {
  it('are two statements, and no credential', async () => {
    const { persistence, url } = await testPersistence();
    const context = testContext({ visibility: 'tenant' });
    const owner = { tenantId: context.tenantId };
    const made: Connection[] = [];
    for (let index = 0; index < COUNT; index += 1) {
      const [crm, desk] = [aConnection(owner), aConnection(owner)];
      made.push(crm, desk);
      const connections = { crm: crm.id, desk: desk.id };
      await persistence.connections.insert(crm);
      await persistence.connections.insert(desk);
      await persistence.installations.insert(anInstallation({ ...owner, connections }));
      if (index > 0) continue;
      await persistence.credentials.insert(aCredential({ ...owner, connectionId: crm.id }));
    }
    await persistence.close();
    const statements: string[] = [];
    const pool = tellingPool(url, statements);
    const counted = createPostgresqlPersistence({ pool, encryptor: testEncryptor() });
    try {
      await counted.prepare();
      statements.length = 0;
      const list = new ListInstallations({ persistence: counted });
      const page = await list.execute(context, { limit: COUNT, include: ['connections'] });
      expect(statements).toHaveLength(2);
      expect(statements.join('\n')).not.toContain('credentials');
      expect(page.items).toHaveLength(COUNT);
      const byId = [...made].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(page.included?.connections).toEqual(byId);
    } finally {
      await counted.close();
      await pool.end();
    }
  });
});
