import { silentLogger } from '@tenon/core';
import type { ConnectionId, TenantId } from '@tenon/core';
import { createAesEncryptor } from '@tenon/encryption-aes';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import { connecting } from './connect.fixture.js';
import type { CrmAddress } from './connect.fixture.js';

/** What a process of the test is told. */
export interface RefreshOrder {
  readonly databaseUrl: string;
  /** Key of the credentials. */
  readonly key: string;
  readonly crm: CrmAddress;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly calls: number;
  readonly leaseMs?: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as RefreshOrder;
const persistence = createPostgresqlPersistence({
  connectionString: order.databaseUrl,
  encryptor: createAesEncryptor({ keys: { k1: order.key }, writingKeyId: 'k1' }),
  poolSize: 3,
});
await persistence.prepare();
const { clients, connector, close } = connecting(order.crm, persistence, {
  ...(order.leaseMs !== undefined && { leaseMs: order.leaseMs }),
});
const connection = await persistence.connections.find(order.tenantId, order.connectionId);
if (!connection) throw new Error('There is no connection');
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const client = clients.create(connector, connection, { logger: silentLogger });
const calls = Array.from({ length: order.calls }, () =>
  client.get('/me').then(
    () => 'ok',
    (error: unknown) => (error as { readonly code?: string }).code ?? String(error),
  ),
);
process.stdout.write(`${JSON.stringify(await Promise.all(calls))}\n`);
await close();
await persistence.close();
process.exit(0);
