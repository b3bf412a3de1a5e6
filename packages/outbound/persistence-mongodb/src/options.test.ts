import { describe, expect, it } from '@jest/globals';
import { testEncryptor } from '@tenon/testing';
import { databaseOf, validate, type MongodbPersistenceOptions } from './options.js';

const encryptor = testEncryptor();
const connectionString = 'mongodb://app:hidden-password@db1:27017,db2/orders?replicaSet=rs0';

const refused = (options: object): string => {
  try {
    validate(options as MongodbPersistenceOptions);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('options of createMongodbPersistence', () => {
  it('have defaults', () => {
    expect(validate({ connectionString, encryptor })).toMatchObject({
      ...{ poolSize: 10, statementTimeoutMs: 15_000, connectTimeoutMs: 5_000 },
    });
  });

  it.each([
    ['nothing to connect to', {}, 'connectionString'],
    ['another scheme', { connectionString: 'postgresql://u:hidden-password@h/d' }, 'mongodb://'],
    ['no host', { connectionString: 'mongodb://' }, 'mongodb://'],
    ['a pool of none', { connectionString, poolSize: 0 }, 'poolSize'],
    ['half a retry', { connectionString, transactionRetries: 0.5 }, 'transactionRetries'],
    ['a database that is a path', { connectionString, database: 'a/b' }, 'database'],
    ['a name that is nearly right', { connectionString, poolsize: 1 }, 'poolSize'],
  ])('refuse %s, without the address', (_, options, named) => {
    const message = refused({ encryptor, ...options });
    expect(message).toContain(named);
    expect(message).not.toContain('hidden-password');
  });

  it.each([
    [connectionString, 'orders'],
    ['mongodb://localhost', 'tenon'],
    ['mongodb://localhost/', 'tenon'],
    ['mongodb://localhost/?tls=true', 'tenon'],
    ['mongodb+srv://u:p%2Fw@cluster.example/app', 'app'],
  ])('take the database from %s', (address, name) => {
    expect(databaseOf(validate({ connectionString: address, encryptor }))).toBe(name);
  });
});
