import { jest } from '@jest/globals';
import { persistenceContract } from '@tenon/testing';
import { rawAccess, reopenWith, testPersistence, testServers } from './postgres.fixture.js';

jest.setTimeout(60_000);

for (const server of testServers) {
  persistenceContract(`PostgreSQL, ${server.name}`, {
    make: async (encryptor) => {
      const { persistence, url } = await testPersistence({
        serverUrl: await server.url(),
        encryptor,
      });
      return {
        persistence,
        secondPath: rawAccess(url),
        reopen: async (other) => reopenWith(url, other),
        close: () => persistence.close(),
      };
    },
  });
}
