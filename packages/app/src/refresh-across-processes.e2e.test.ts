import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection, Credential } from '@tenon/core';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { PostgresqlPersistence } from '@tenon/persistence-postgresql';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { aTenant, aUser, startOidcServer, testAppContext, testContext } from '@tenon/testing';
import type { OidcServer } from '@tenon/testing';
import { build } from 'esbuild';
import { connecting, PUBLIC_URL } from './connect.fixture.js';
import type { RefreshOrder } from './refresh-process.fixture.js';

const root = resolve(import.meta.dirname, '../../..');

const key = generateKey();
let postgres: EmbeddedPostgres;
let persistence: PostgresqlPersistence;
let oidc: OidcServer;
let folder: string;
let databaseUrl: string;
let connection: Connection;
const children: ChildProcessByStdio<Writable, Readable, null>[] = [];

beforeAll(async () => {
  postgres = await startEmbeddedPostgres();
  databaseUrl = postgres.databaseUrl;
  persistence = createPostgresqlPersistence({
    connectionString: databaseUrl,
    encryptor: createAesEncryptor({ keys: { k1: key }, writingKeyId: 'k1' }),
  });
  await persistence.migrate();
  folder = await mkdtemp(join(root, 'node_modules/.cache/refresh-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'refresh-process.fixture.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    external: [
      'pg',
      'undici',
      'croner',
      '@prisma/*',
      '@jest/globals',
      'oidc-provider',
      'fast-check',
    ],
    outfile: join(folder, 'process.mjs'),
    logLevel: 'error',
  });
}, 60_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await persistence.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  oidc = await startOidcServer({ redirectUris: [`${PUBLIC_URL}/api/connections/callback`] });
  connection = await connect();
});

afterEach(() => oidc.close());

/** Connects an account through the real consent. */
async function connect(): Promise<Connection> {
  const { authorize, complete, close } = connecting(oidc, persistence);
  const tenant = aTenant();
  const user = aUser({ tenantId: tenant.id });
  await persistence.tenants.insert(tenant);
  await persistence.users.insert(user);
  const context = testContext({ tenantId: tenant.id, userId: user.id });
  const started = await authorize.execute(context, { connector: 'crm' });
  const callback = await oidc.authorize(started.authorizationUrl);
  const { connection: made } = await complete.execute(testAppContext(), {
    state: callback.searchParams.get('state') ?? '',
    code: callback.searchParams.get('code') ?? '',
    browserBinding: started.browserBinding,
  });
  await close();
  return made;
}

async function stored(): Promise<Credential> {
  const { tenantId, id } = connection;
  const credential = await persistence.credentials.findByConnection(tenantId, id);
  if (!credential) throw new Error('There is no credential');
  return credential;
}

/** Ends the access token, at the provider and in the row. */
async function expire(): Promise<void> {
  oidc.expireAccessTokens();
  await persistence.credentials.update({
    ...(await stored()),
    expiresAt: new Date(Date.now() - 1_000),
  });
}

interface Running {
  readonly go: () => void;
  readonly codes: Promise<readonly string[]>;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
}

/** Starts a process that waits for its sign and then calls the API. */
async function start(calls: number, leaseMs?: number): Promise<Running> {
  const order: RefreshOrder = {
    databaseUrl,
    key,
    crm: { url: oidc.url, clientId: oidc.clientId, clientSecret: oidc.clientSecret },
    tenantId: connection.tenantId,
    connectionId: connection.id,
    calls,
    ...(leaseMs !== undefined && { leaseMs }),
  };
  const child = spawn(process.execPath, [join(folder, 'process.mjs'), JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const iterator = lines[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toBe('ready');
  const codes = iterator.next().then(({ value }) => JSON.parse(String(value)) as string[]);
  codes.catch(() => undefined);
  return { child, codes, go: () => child.stdin.write('go\n') };
}

async function run(processes: readonly Running[]): Promise<readonly string[]> {
  for (const each of processes) each.go();
  return (await Promise.all(processes.map(({ codes }) => codes))).flat();
}

/** Waits until a token request has reached the provider. */
async function untilRequested(): Promise<void> {
  while (oidc.plannedFaults > 0) await new Promise((wake) => setTimeout(wake, 20));
}

const refreshes = (): number => oidc.tokenRequests['refresh_token'] ?? 0;
const reload = () => persistence.connections.find(connection.tenantId, connection.id);

describe('one rotating token in many processes', () => {
  it('is refreshed by exactly one token request for 50 calls in 5 processes', async () => {
    await expire();
    const processes = await Promise.all(Array.from({ length: 5 }, () => start(10)));
    expect(await run(processes)).toEqual(Array.from({ length: 50 }, () => 'ok'));
    expect(refreshes()).toBe(1);
    expect(oidc.reuses).toBe(0);
    expect(oidc.apiCalls[200]).toBe(51);
  }, 60_000);

  it('is refreshed once on 401 too, when nobody knew that it ended', async () => {
    oidc.expireAccessTokens();
    const processes = await Promise.all(Array.from({ length: 3 }, () => start(5)));
    expect(await run(processes)).toEqual(Array.from({ length: 15 }, () => 'ok'));
    expect(refreshes()).toBe(1);
  }, 60_000);

  it('is not sent again when the refresh outlives its lease', async () => {
    await expire();
    oidc.faultTokenRequests({ delayMs: 4_000 });
    const slow = await start(1, 1_500);
    const others = await Promise.all([start(3, 1_500), start(3, 1_500)]);
    slow.go();
    await untilRequested();
    // Stopped like a process that a host has frozen: its lease is not renewed and ends.
    slow.child.kill('SIGSTOP');
    const codes = run(others);
    setTimeout(() => slow.child.kill('SIGCONT'), 3_000);
    expect(await codes).toEqual(Array.from({ length: 6 }, () => 'ok'));
    expect(await slow.codes).toEqual(['ok']);
    expect(refreshes()).toBe(1);
    expect(oidc.reuses).toBe(0);
  }, 60_000);

  it('marks the connection when the grant is dead, once, and asks no more', async () => {
    await expire();
    oidc.revokeGrants();
    const processes = await Promise.all([start(5), start(5)]);
    const codes = new Set(await run(processes));
    expect([...codes]).toEqual(['CONNECTION_NEEDS_REAUTHORIZATION']);
    expect(refreshes()).toBe(1);
    expect(await reload()).toMatchObject({
      state: 'needs_reauthorization',
      problem: { code: 'invalid_grant' },
    });
    expect(new Set(await run([await start(2)]))).toEqual(
      new Set(['CONNECTION_NEEDS_REAUTHORIZATION']),
    );
    expect(refreshes()).toBe(1);
  }, 60_000);

  it('survives an outage: the connection stays active and works again afterwards', async () => {
    await expire();
    oidc.faultTokenRequests({ status: 503 });
    const codes = new Set(await run(await Promise.all([start(5), start(5)])));
    expect([...codes]).toEqual(['PROVIDER_UNAVAILABLE']);
    expect(oidc.tokenRequests['faulted']).toBe(1);
    expect(await reload()).toMatchObject({ state: 'active', problem: null });
    await persistence.credentials.update({ ...(await stored()), refreshNotBefore: null });
    expect(await run([await start(2)])).toEqual(['ok', 'ok']);
  }, 60_000);
});

describe('a process that is killed while it refreshes', () => {
  it('leaves a connection that the others can still use when the provider did not get the token', async () => {
    await expire();
    oidc.faultTokenRequests({ drop: true, delayMs: 2_000 });
    const victim = await start(1, 2_000);
    victim.go();
    await untilRequested();
    victim.child.kill('SIGKILL');
    await once(victim.child, 'exit');
    const marked = await stored();
    // The others wait for half a minute; here the attempt is made to look that old.
    const startedAt = new Date(Date.now() - 60_000);
    await persistence.credentials.update({
      ...marked,
      refreshAttempt: { fence: marked.refreshAttempt?.fence ?? 0, startedAt },
    });
    const rescue = await start(2);
    expect(await run([rescue])).toEqual(['ok', 'ok']);
    expect(refreshes()).toBe(1);
  }, 60_000);
});
