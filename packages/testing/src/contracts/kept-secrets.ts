import { secret } from '@tenon/core';
import type { Persistence, SecretFieldName } from '@tenon/core';
import { anAuthorizationSession } from '../fixtures/entities.js';
import type { SecretCell } from './persistence-suite.js';
import { World } from './world.js';

/** One stored secret. */
export interface KeptSecret {
  readonly cell: SecretCell;
  readonly name: SecretFieldName;
  read(through: Persistence): Promise<unknown>;
}

/** One row with a secret for each place that holds secrets, and how to read it back. */
export async function keepSecrets(
  persistence: Persistence,
  canary: string,
): Promise<readonly KeptSecret[]> {
  const world = await World.create(persistence);
  const { tenantId } = world;
  const credential = await world.addCredential({
    material: secret({ type: 'api_key', fields: { key: canary } }),
  });
  const session = anAuthorizationSession({
    ...world.owner,
    codeVerifier: secret(canary),
    stepData: secret({ canary }),
  });
  await persistence.authorizationSessions.insert(session);
  const installation = await world.addInstallation();
  const endpoint = await world.addEndpoint(installation, { signingSecret: secret(canary) });
  const delivery = await world.addDelivery(endpoint, { body: secret(canary) });
  return [
    {
      name: { entity: 'credentials', field: 'material' },
      cell: { table: 'credentials', column: 'material', rowId: credential.id },
      read: (db) => db.credentials.findByConnection(tenantId, credential.connectionId),
    },
    {
      name: { entity: 'webhookEndpoints', field: 'signingSecret' },
      cell: { table: 'webhook_endpoints', column: 'signing_secret', rowId: endpoint.id },
      read: (db) => db.webhookEndpoints.findById(endpoint.id),
    },
    {
      name: { entity: 'webhookDeliveries', field: 'body' },
      cell: { table: 'webhook_deliveries', column: 'body', rowId: delivery.id },
      read: (db) => db.webhookDeliveries.find(tenantId, delivery.id),
    },
    {
      name: { entity: 'authorizationSessions', field: 'stepData' },
      cell: { table: 'authorization_sessions', column: 'step_data', rowId: session.id },
      read: (db) => db.authorizationSessions.findOpen(session.stateHash, session.createdAt),
    },
    {
      name: { entity: 'authorizationSessions', field: 'codeVerifier' },
      cell: { table: 'authorization_sessions', column: 'code_verifier', rowId: session.id },
      read: (db) => db.authorizationSessions.consume(session.stateHash, session.createdAt),
    },
  ];
}
