import { describe, expect, it } from '@jest/globals';
import type { Db, MongoClient } from 'mongodb';
import { testEncryptor } from '@tenon/testing';
import { createMongodbPersistence } from './mongodb-persistence.js';

/** An error as the driver throws it. */
function driverError(code: number, ...labels: string[]): Error {
  return Object.assign(new Error('refused by the script'), {
    name: 'MongoServerError',
    code,
    hasErrorLabel: (label: string) => labels.includes(label),
  });
}

/** What the scripted server does, one entry for each call; nothing when it runs out. */
interface Script {
  readonly inserts?: (Error | null)[];
  readonly commits?: (Error | null)[];
}

/** A replica set that follows a script and notes what was asked of it, by the part of the driver that transactions use. */
function replicaSet({ inserts = [], commits = [] }: Script) {
  const log: string[] = [];
  const next = (step: string, answers: (Error | null)[]): Promise<void> => {
    log.push(step);
    const error = answers.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  };
  const session = () => {
    let open = false;
    return {
      startTransaction: () => {
        open = true;
        log.push('start');
      },
      inTransaction: () => open,
      commitTransaction: async () => {
        await next('commit', commits);
        open = false;
      },
      abortTransaction: () => {
        open = false;
        return next('abort', []);
      },
      endSession: () => next('end', []),
    };
  };
  const db = {
    admin: () => ({
      command: () => Promise.resolve({ setName: 'rs0', logicalSessionTimeoutMinutes: 30 }),
    }),
    collection: () => ({
      insertOne: (_document: unknown, options: { readonly session?: unknown }) =>
        next(options.session ? 'insert' : 'insert outside', inserts),
    }),
  };
  const client = { db: () => db as unknown as Db, startSession: session };
  const persistence = createMongodbPersistence({
    client: client as unknown as MongoClient,
    encryptor: testEncryptor(),
    transactionRetries: 3,
  });
  return { persistence, log };
}

const tenant = {
  id: '01a2112e-e338-7000-b49e-4b0e9a8e45d3',
  ...{ name: 'x', status: 'active', createdAt: new Date(0), updatedAt: new Date(0), version: 1 },
} as never;

const conflict = (): Error => driverError(112, 'TransientTransactionError');

describe('transactions on a replica set', () => {
  it('send every statement in one session and commit', async () => {
    const { persistence, log } = replicaSet({});
    const answer = await persistence.transaction(async ({ tenants }) => {
      await tenants.insert(tenant);
      return 'kept';
    });
    expect(answer).toBe('kept');
    expect(log).toEqual(['start', 'insert', 'commit', 'end']);
    expect(persistence.capabilities.transactions).toBe(true);
  });

  it('repeat the whole work when it met another one', async () => {
    const { persistence, log } = replicaSet({ inserts: [conflict(), null] });
    let times = 0;
    await persistence.transaction(async ({ tenants }) => {
      times += 1;
      await tenants.insert(tenant);
    });
    expect(times).toBe(2);
    const first = ['start', 'insert', 'abort', 'end'];
    expect(log).toEqual([...first, 'start', 'insert', 'commit', 'end']);
  });

  it('repeat the whole work when the commit met another one', async () => {
    const { persistence, log } = replicaSet({ commits: [conflict(), null] });
    await persistence.transaction(({ tenants }) => tenants.insert(tenant));
    expect(log.filter((step) => step === 'start')).toHaveLength(2);
  });

  it('ask again, and do not repeat the work, when the answer to a commit is lost', async () => {
    const lost = driverError(91, 'UnknownTransactionCommitResult');
    const { persistence, log } = replicaSet({ commits: [lost, null] });
    await persistence.transaction(({ tenants }) => tenants.insert(tenant));
    expect(log).toEqual(['start', 'insert', 'commit', 'commit', 'end']);
  });

  it('give up after their retries, retryable', async () => {
    const inserts = Array.from({ length: 9 }, conflict);
    const { persistence, log } = replicaSet({ inserts });
    const work = persistence.transaction(({ tenants }) => tenants.insert(tenant));
    await expect(work).rejects.toMatchObject({ code: 'DATABASE_CONFLICT', retryable: true });
    expect(log.filter((step) => step === 'insert')).toHaveLength(4);
  });

  it('take back what came before an error of the work, and pass the error', async () => {
    const { persistence, log } = replicaSet({});
    const reason = new Error('on purpose');
    const work = persistence.transaction(async ({ tenants }) => {
      await tenants.insert(tenant);
      throw reason;
    });
    await expect(work).rejects.toBe(reason);
    expect(log).toEqual(['start', 'insert', 'abort', 'end']);
  });

  it('keep nothing when a refused statement was ignored', async () => {
    const { persistence, log } = replicaSet({ inserts: [driverError(11000)] });
    const work = persistence.transaction(async ({ tenants }) => {
      await tenants.insert(tenant).catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    expect(log).toEqual(['start', 'insert', 'abort', 'end']);
  });

  it('refuse statements after their end', async () => {
    const { persistence, log } = replicaSet({});
    const late = await persistence.transaction((db) => Promise.resolve({ tenants: db.tenants }));
    await expect(late.tenants.insert(tenant)).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
    expect(log).toEqual(['start', 'commit', 'end']);
  });
});
