import { randomUUID } from 'node:crypto';
import { ListInstallations, type Encryptor } from '@tenon/core';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import {
  createPostgresqlPersistence,
  type PostgresqlPersistence,
} from '@tenon/persistence-postgresql';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { testContext } from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { comparedRow } from '../compared-row.js';
import { interleave, type Contender } from '../interleave.js';
import { insertRows } from './postgres-fixture.js';

const ids = Array.from({ length: 1_000 }, (_, index) => `record-${index}`);

/** Two databases on one server, filled alike: one without policies, one whose tables have them and whose app owns nothing. */
async function openBoth(serverUrl: string, encryptor: Encryptor) {
  const plain = createPostgresqlPersistence({ connectionString: serverUrl, encryptor });
  await plain.migrate();
  const pool = await plain.pool();
  const [database, role] = [`rls_${randomUUID().slice(0, 8)}`, `app_${randomUUID().slice(0, 8)}`];
  await pool.query(`CREATE DATABASE ${database}`);
  await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'app'`);
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  const owner = createPostgresqlPersistence({ connectionString: url.href, encryptor });
  await owner.migrate();
  await owner.enableRowLevelSecurity({ grantTo: role });
  await owner.close();
  [url.username, url.password] = [role, 'app'];
  const fenced = createPostgresqlPersistence({
    ...{ connectionString: url.href, encryptor, rowLevelSecurity: true },
  });
  await fenced.prepare();
  return { plain, fenced };
}

async function figures(persistence: PostgresqlPersistence): Promise<Record<string, Contender>> {
  const { tenantId, tokenId, connectionId, installationId, runId } = await insertRows(persistence);
  const scope = { tenantId, installationId, kind: 'contact' };
  const row = { targetId: 'target', hash: 'hash', state: { a: 1 } };
  const context = testContext({ tenantId, visibility: 'tenant' });
  const list = new ListInstallations({ persistence });
  const progress = { processed: 1, succeeded: 1 };
  return {
    'token by id with owner': () => persistence.tokens.findWithOwner(tokenId),
    'connection by id': () => persistence.connections.find(tenantId, connectionId),
    'run progress': () => persistence.runs.advance(tenantId, runId, { progress, at: new Date() }),
    'list of installations with connections': () =>
      list.execute(context, { include: ['connections'] }),
    'transaction of two reads': () =>
      persistence.transaction(async (inside) => {
        await inside.tenants.find(tenantId);
        await inside.connections.find(tenantId, connectionId);
      }),
    'upsert of 1,000 mappings': () =>
      persistence.mappings.upsertMany(
        scope,
        ids.map((sourceId) => ({ ...row, sourceId })),
        new Date(),
      ),
    'read of 1,000 mappings': () => persistence.mappings.findMany(scope, ids),
  };
}

export const bench: Bench = {
  name: 'persistence-rls',
  title: 'PostgreSQL with row-level security, against the same without',
  bar: 'none: what the second fence costs',
  async run() {
    const own = process.env['TENON_BENCH_POSTGRES_URL'];
    const server = own === undefined ? await startEmbeddedPostgres() : null;
    const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
    const both = await openBoth(own ?? server?.databaseUrl ?? '', encryptor);
    try {
      const [plain, fenced] = [await figures(both.plain), await figures(both.fenced)];
      const rows: Row[] = [];
      for (const [figure, ours] of Object.entries(fenced)) {
        const raw = plain[figure];
        if (!raw) continue;
        const t = await interleave(
          { ours, raw },
          { iterations: figure.includes('1,000') ? 12 : 200 },
        );
        rows.push(comparedRow(`row-level security: ${figure}`, t, { peer: 'without' }));
      }
      return rows;
    } finally {
      await both.fenced.close();
      await both.plain.close();
      await server?.stop();
    }
  },
};
