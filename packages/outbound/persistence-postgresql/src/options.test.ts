import { describe, expect, it } from '@jest/globals';
import { testEncryptor } from '@tenon/testing';
import type { PostgresqlPersistenceOptions } from './options.js';
import { createPostgresqlPersistence } from './postgresql-persistence.js';

const encryptor = testEncryptor();
const connectionString = 'postgresql://someone:pass-word@127.0.0.1:1/x';
const create = (options: object) => () =>
  createPostgresqlPersistence(options as PostgresqlPersistenceOptions);

describe('createPostgresqlPersistence', () => {
  it('connects to nothing by itself', async () => {
    const persistence = createPostgresqlPersistence({ connectionString, encryptor });
    expect((await persistence.pool()).totalCount).toBe(0);
    await persistence.close();
  });

  it('keeps its time zone when the address brings options along', async () => {
    const address = `${connectionString}?options=-c%20search_path%3Dtenon`;
    const persistence = createPostgresqlPersistence({ connectionString: address, encryptor });
    expect((await persistence.pool()).options).toMatchObject({
      options: '-c search_path=tenon -c TimeZone=UTC',
    });
    await persistence.close();
  });

  it('names the option that is wrong, never the password', () => {
    expect(create({ connectionString, encryptor, poolsize: 1 })).toThrow("did you mean 'poolSize'");
    expect(create({ connectionString })).toThrow("option 'encryptor' is missing");
    expect(create({ encryptor })).toThrow("either 'connectionString' or 'pool'");
    expect(create({ connectionString, encryptor, poolSize: 0 })).toThrow("'poolSize'");
    expect(create({ connectionString: 'pass-word', encryptor })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('pass-word') }),
    );
  });
});
