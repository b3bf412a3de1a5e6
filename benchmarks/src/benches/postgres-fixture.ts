import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ConnectionId,
  Encryptor,
  InstallationId,
  RunId,
  TenantId,
  TokenId,
} from '@tenon/core';
import { secret } from '@tenon/core';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import {
  createPostgresqlPersistence,
  type PostgresqlPersistence,
} from '@tenon/persistence-postgresql';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@tenon/persistence-postgresql/embedded';
import {
  aConnection,
  aCredential,
  anInstallation,
  aRun,
  aTenant,
  aToken,
  aUser,
} from '@tenon/testing';

/** A migrated database with one row of everything that the hot paths touch. */
export interface PostgresFixture {
  readonly persistence: PostgresqlPersistence;
  /** The raw driver's. */
  readonly pool: Awaited<ReturnType<PostgresqlPersistence['pool']>>;
  readonly encryptor: Encryptor;
  /** Its key. */
  readonly key: string;
  readonly databaseUrl: string;
  readonly tenantId: TenantId;
  readonly tokenId: TokenId;
  readonly connectionId: ConnectionId;
  readonly installationId: InstallationId;
  readonly runId: RunId;
  readonly credentialId: string;
  stop(): Promise<void>;
}

/** A server whose cache is as large as one that is meant for the data; PostgreSQL's default is 128 MB. */
async function withLargeCache(): Promise<Pick<EmbeddedPostgres, 'databaseUrl' | 'stop'>> {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'tenon-bench-')), 'postgres');
  const first = await startEmbeddedPostgres({ dataDir });
  const client = createPostgresqlPersistence({
    connectionString: first.databaseUrl,
    encryptor: createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' }),
  });
  await (await client.pool()).query("ALTER SYSTEM SET shared_buffers = '512MB'");
  await client.close();
  await first.stop();
  const server = await startEmbeddedPostgres({ dataDir });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(join(dataDir, '..'), { recursive: true });
  };
  return { databaseUrl: server.databaseUrl, stop };
}

/** Starts a server, or uses the one that `TENON_BENCH_POSTGRES_URL` names. */
export async function startPostgresFixture(
  options: { readonly largeCache?: boolean } = {},
): Promise<PostgresFixture> {
  const own = process.env['TENON_BENCH_POSTGRES_URL'];
  const start = options.largeCache ? withLargeCache : startEmbeddedPostgres;
  const server = own === undefined ? await start() : null;
  const key = generateKey();
  const databaseUrl = own ?? server?.databaseUrl ?? '';
  const encryptor = createAesEncryptor({ keys: { k1: key }, writingKeyId: 'k1' });
  const persistence = createPostgresqlPersistence({ connectionString: databaseUrl, encryptor });
  await persistence.migrate();
  const rows = await insertRows(persistence);
  return {
    persistence,
    pool: await persistence.pool(),
    encryptor,
    key,
    databaseUrl,
    ...rows,
    async stop() {
      await persistence.close();
      await server?.stop();
    },
  };
}

type Made = 'persistence' | 'pool' | 'encryptor' | 'key' | 'databaseUrl' | 'stop';

/** One row of everything that the hot paths touch, in a tenant of its own. */
export async function insertRows(
  persistence: PostgresqlPersistence,
): Promise<Omit<PostgresFixture, Made>> {
  const tenant = aTenant();
  const tenantId = tenant.id;
  const user = aUser({ tenantId });
  const token = aToken({ tenantId, userId: user.id });
  const connection = aConnection({ tenantId, userId: user.id, externalId: randomUUID() });
  const installation = anInstallation({ tenantId, userId: user.id });
  const run = aRun({ tenantId, installationId: installation.id, pendingJobs: 1_000_000 });
  const credential = aCredential({
    tenantId,
    connectionId: connection.id,
    material: secret({
      type: 'oauth2',
      accessToken: 'a'.repeat(60),
      refreshToken: 'r'.repeat(60),
      tokenType: 'Bearer',
    }),
  });
  await persistence.tenants.insert(tenant);
  await persistence.users.insert(user);
  await persistence.tokens.insert(token);
  await persistence.connections.insert(connection);
  await persistence.credentials.insert(credential);
  await persistence.installations.insert(installation);
  await persistence.runs.insert(run);
  return {
    tenantId,
    tokenId: token.id,
    connectionId: connection.id,
    installationId: installation.id,
    runId: run.id,
    credentialId: credential.id,
  };
}
