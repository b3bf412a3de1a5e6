import { jest } from '@jest/globals';
import { persistenceContract } from '@tenon/testing';
import {
  hasTransactions,
  knownGaps,
  rawAccess,
  reopenWith,
  testPersistence,
  testServer,
} from './mongodb.fixture.js';
import { withoutServer } from './without-server.fixture.js';

jest.setTimeout(120_000);

const serverUrl = await testServer();

if (serverUrl === null) withoutServer('the contract of persistence on MongoDB');
else {
  const gaps = await knownGaps(serverUrl);
  const transactions = await hasTransactions(serverUrl);
  persistenceContract(`MongoDB, ${new URL(serverUrl).host}`, {
    gaps,
    transactions,
    make: async (encryptor) => {
      const { persistence, url } = await testPersistence({
        ...{ serverUrl, encryptor },
        // Twenty writers share ten connections, on machines that may be busy.
        connectTimeoutMs: 60_000,
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
