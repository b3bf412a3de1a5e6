import { jest } from '@jest/globals';
import { persistenceContract } from '@tenon/testing';
import { fencedDatabase, rawAccess, reopenWith, testServers } from '../postgres.fixture.js';

jest.setTimeout(60_000);

// Without prepared statements on one server: what differs is the adapter's way, not the server's.
for (const [index, server] of testServers.entries()) {
  for (const preparedStatements of index === 0 ? [true, false] : [true]) {
    const how = preparedStatements ? 'in one flight' : 'in transactions';
    persistenceContract(`PostgreSQL with row-level security ${how}, ${server.name}`, {
      make: async (encryptor) => {
        const { ownerUrl, url } = await fencedDatabase(await server.url());
        const options = { rowLevelSecurity: true, preparedStatements };
        const persistence = reopenWith(url, encryptor, { ...options, poolSize: 10 });
        await persistence.prepare();
        return {
          persistence,
          secondPath: rawAccess(ownerUrl),
          reopen: async (other) => reopenWith(url, other, options),
          close: () => persistence.close(),
        };
      },
    });
  }
}
