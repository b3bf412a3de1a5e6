import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import type { Encryptor } from '@tenon/core';
import { createMongodbPersistence, type MongodbPersistence } from '@tenon/persistence-mongodb';
import {
  aConnection,
  aCredential,
  anInstallation,
  aRun,
  aTenant,
  aToken,
  aUser,
} from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { comparedRow } from '../compared-row.js';
import { interleave, type Contender } from '../interleave.js';

type Document = { _id: string } & Record<string, unknown>;

interface Pair {
  readonly ours: Contender;
  readonly raw: Contender;
}

/** A database of its own with one row of each kind. */
async function startFixture(serverUrl: string) {
  const encryptor: Encryptor = createAesEncryptor({
    keys: { k1: generateKey() },
    writingKeyId: 'k1',
  });
  const url = new URL(serverUrl);
  url.pathname = `/bench_${randomUUID().replaceAll('-', '')}`;
  const persistence = createMongodbPersistence({ connectionString: url.href, encryptor });
  await persistence.prepare();
  const tenant = aTenant();
  const user = aUser({ tenantId: tenant.id });
  const owner = { tenantId: tenant.id, userId: user.id };
  const [token, connection] = [aToken(owner), aConnection(owner)];
  const installation = anInstallation(owner);
  const run = aRun({ tenantId: tenant.id, installationId: installation.id });
  await persistence.tenants.insert(tenant);
  await persistence.users.insert(user);
  await persistence.tokens.insert(token);
  await persistence.connections.insert(connection);
  const credential = aCredential({ tenantId: tenant.id, connectionId: connection.id });
  await persistence.credentials.insert(credential);
  await persistence.installations.insert(installation);
  await persistence.runs.insert(run);
  const db = await persistence.database();
  const collection = (name: string): Collection<Document> => db.collection<Document>(name);
  return { persistence, encryptor, collection, tenant, token, connection, installation, run };
}

type Fixture = Awaited<ReturnType<typeof startFixture>>;

function reads(fixture: Fixture): Record<string, Pair> {
  const { persistence, encryptor, collection, tenant, token, connection } = fixture;
  const lookup = (from: string, localField: string) => ({
    $lookup: { from, localField, foreignField: '_id', as: from },
  });
  return {
    'token by id with owner': {
      ours: () => persistence.tokens.findWithOwner(token.id),
      raw: () =>
        collection('tokens')
          .aggregate([
            { $match: { _id: token.id } },
            lookup('users', 'userId'),
            lookup('tenants', 'tenantId'),
          ])
          .toArray(),
    },
    'connection by id': {
      ours: () => persistence.connections.find(tenant.id, connection.id),
      raw: () => collection('connections').findOne({ _id: connection.id, tenantId: tenant.id }),
    },
    'credential by connection, decrypted': {
      ours: () => persistence.credentials.findByConnection(tenant.id, connection.id),
      raw: async () => {
        const filter = { connectionId: connection.id, tenantId: tenant.id };
        const found = await collection('credentials').findOne(filter);
        const context = {
          ...{ tenantId: tenant.id, table: 'credentials', column: 'material' },
          rowId: String(found?._id),
        };
        return JSON.parse(await encryptor.decrypt(String(found?.['material']), context)) as unknown;
      },
    },
  };
}

// How a run settles, as expressions.
const open = { $in: ['$state', ['queued', 'running']] };
const over = { $and: [open, { $lte: ['$pendingJobs', 0] }] };
const ended = { $cond: [{ $gt: ['$deadJobs', 0] }, 'failed', 'succeeded'] };
const settled = { $cond: [{ $gt: ['$pendingJobs', 0] }, 'running', ended] };

function writes(fixture: Fixture): Record<string, Pair> {
  const { persistence, collection, tenant, installation, run } = fixture;
  const scope = { tenantId: tenant.id, installationId: installation.id };
  const before = { upsert: true, returnDocument: 'before' } as const;
  return {
    'inbox claim of a new key': {
      ours: () => {
        const claim = { key: randomUUID(), owner: 'ours', leaseMs: 60_000, now: new Date() };
        return persistence.inbox.claim({ ...scope, ...claim });
      },
      raw: () =>
        collection('inbox').findOneAndUpdate(
          { _id: `${tenant.id}\u0000${randomUUID()}` },
          [
            {
              $set: {
                ...{ ...scope, owner: 'raw', keepUntil: null },
                attempts: { $add: [{ $ifNull: ['$attempts', 0] }, 1] },
                leaseUntil: new Date(Date.now() + 60_000),
              },
            },
          ],
          before,
        ),
    },
    'run progress': {
      ours: () => {
        const progress = { processed: 1, succeeded: 1 };
        return persistence.runs.advance(tenant.id, run.id, { progress, at: new Date() });
      },
      raw: () =>
        collection('runs').findOneAndUpdate(
          { _id: run.id, tenantId: tenant.id },
          [
            {
              $set: {
                processed: { $add: ['$processed', 1] },
                succeeded: { $add: ['$succeeded', 1] },
                pendingJobs: { $add: ['$pendingJobs', 0] },
                deadJobs: { $add: ['$deadJobs', 0] },
                version: { $add: ['$version', 1] },
                updatedAt: new Date(),
              },
            },
            {
              $set: {
                startedAt: { $cond: [open, { $ifNull: ['$startedAt', new Date()] }, '$startedAt'] },
                finishedAt: { $cond: [over, new Date(), '$finishedAt'] },
                state: { $cond: [open, settled, '$state'] },
              },
            },
          ],
          { returnDocument: 'after' },
        ),
    },
  };
}

function bulk({ persistence, collection, tenant, installation }: Fixture): Pair {
  const scope = { tenantId: tenant.id, installationId: installation.id, kind: 'bench' };
  const rows = Array.from({ length: 1_000 }, (_, index) => ({
    ...{ sourceId: `id-${index}`, targetId: `target-${index}`, hash: 'h', state: { index } },
  }));
  return {
    ours: () => persistence.mappings.upsertMany(scope, rows, new Date()),
    raw: () =>
      collection('mappings').bulkWrite(
        rows.map(({ sourceId, targetId, hash, state }) => ({
          updateOne: {
            filter: { _id: `${tenant.id}\u0000${installation.id}\u0000raw\u0000${sourceId}` },
            update: {
              $set: { targetId, hash, state: JSON.stringify(state), updatedAt: new Date() },
              $setOnInsert: { ...scope, kind: 'raw', sourceId },
            },
            upsert: true,
          },
        })),
        { ordered: false },
      ),
  };
}

async function compare(figure: string, { ours, raw }: Pair, iterations: number): Promise<Row> {
  const t = await interleave({ ours, raw }, { iterations });
  return comparedRow(figure, t, { peer: 'mongodb', max: 1.2 });
}

async function measure(fixture: Fixture): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [figure, pair] of Object.entries({ ...reads(fixture), ...writes(fixture) })) {
    rows.push(await compare(figure, pair, 300));
  }
  rows.push(await compare('upsert of 1,000 mappings', bulk(fixture), 20));
  return rows;
}

async function dropped(persistence: MongodbPersistence): Promise<void> {
  await (await persistence.database()).dropDatabase();
  await persistence.close();
}

export const bench: Bench = {
  name: 'mongodb',
  title: 'single rows and bulk on MongoDB, against the raw driver (needs MONGODB_URI)',
  bar: '≤ 1.2× mongodb',
  async run() {
    const { MONGODB_URI: serverUrl } = process.env;
    if (!serverUrl) return [];
    const fixture = await startFixture(serverUrl);
    try {
      return await measure(fixture);
    } finally {
      await dropped(fixture.persistence);
    }
  },
};
