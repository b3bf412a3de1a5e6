import type { Registry } from '../app/registry.js';
import { revokeTokens } from '../credential/oauth2-revocation.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import type { Logger } from '../platform/logger.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { Connection } from './connection.js';

/** What revoking needs. */
export interface RevocationParts {
  readonly registry: Registry;
  readonly persistence: Pick<Persistence, 'credentials'>;
  readonly http: HttpClient;
  readonly crypto: Pick<Crypto, 'base64'>;
  /** Time for the provider to revoke, in milliseconds. Default: 10,000. */
  readonly revocationTimeoutMs?: number;
}

/** Asks the provider to revoke, where it can. Never throws: a provider that does not answer keeps no connection alive. */
export async function revokeConnection(
  parts: RevocationParts,
  logger: Logger,
  connection: Connection,
): Promise<void> {
  const { registry, persistence, revocationTimeoutMs = 10_000 } = parts;
  const { id, tenantId, connector } = connection;
  const auth = registry.connectors.find(({ name }) => name === connector)?.auth;
  if (auth?.type !== 'oauth2') return;
  try {
    const credential = await persistence.credentials.findByConnection(tenantId, id);
    const material = credential?.material.reveal();
    if (material?.type !== 'oauth2') return;
    if (await revokeTokens(auth, material, { ...parts, timeoutMs: revocationTimeoutMs })) return;
    if (auth.revocationUrl === undefined) return;
    logger.warn('The provider did not revoke', { connectionId: id, connector });
  } catch (error) {
    logger.warn('The provider could not be asked to revoke', {
      connectionId: id,
      connector,
      error,
    });
  }
}
