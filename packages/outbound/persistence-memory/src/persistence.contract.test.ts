import { persistenceContract } from '@tenon/testing';
import { createMemoryPersistence } from './persistence.js';

persistenceContract('memory', {
  make: async (encryptor) => {
    const persistence = createMemoryPersistence({ encryptor });
    const { inspection } = persistence;
    return {
      persistence,
      secondPath: {
        dump: async () => inspection.dump(),
        readSecret: async (cell) => {
          const value = inspection.read(cell);
          return typeof value === 'string' ? value : null;
        },
        writeSecret: async (cell, ciphertext) => {
          inspection.write(cell, ciphertext);
        },
      },
      reopen: async (other) => persistence.reopen({ encryptor: other }),
      close: () => persistence.close(),
    };
  },
});
