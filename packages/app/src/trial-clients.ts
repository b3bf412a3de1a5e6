import type {
  ApiClientFactory,
  AuthDefinition,
  CredentialMaterial,
  CredentialRepository,
  Persistence,
} from '@tenon/core';
import { authFields } from '@tenon/core';

type WithCredentials = Pick<Persistence, 'credentials' | 'connections' | 'leases' | 'transaction'>;

function watched(
  credentials: CredentialRepository,
  see: (material: CredentialMaterial) => void,
): CredentialRepository {
  return {
    insert: (credential) => {
      see(credential.material.reveal());
      return credentials.insert(credential);
    },
    findByConnection: async (tenantId, connectionId) => {
      const found = await credentials.findByConnection(tenantId, connectionId);
      if (found) see(found.material.reveal());
      return found;
    },
    update: (credential) => {
      see(credential.material.reveal());
      return credentials.update(credential);
    },
  };
}

/** A persistence that tells of every credential that goes through it, before anybody can use it. */
export function watchedCredentials(
  persistence: WithCredentials,
  see: (material: CredentialMaterial) => void,
): WithCredentials {
  const { credentials, connections, leases } = persistence;
  return {
    ...{ connections, leases, credentials: watched(credentials, see) },
    transaction: (work) =>
      persistence.transaction((bound) =>
        work({ ...bound, credentials: watched(bound.credentials, see) }),
      ),
  };
}

const REPLAYED = 'replayed';

function materialOf(auth: AuthDefinition): CredentialMaterial {
  if (auth.type === 'oauth2') {
    return { type: 'oauth2', accessToken: REPLAYED, refreshToken: null, tokenType: 'Bearer' };
  }
  const names = Object.keys(authFields(auth));
  return { type: auth.type, fields: Object.fromEntries(names.map((name) => [name, REPLAYED])) };
}

/** Clients that need no credential: nothing is read, refreshed or sent. */
export function replayedClients(clients: ApiClientFactory): ApiClientFactory {
  return {
    create: (connector, { profile }, options) =>
      clients.createTemporary(
        connector,
        { material: materialOf(connector.auth), profile },
        options,
      ),
    createTemporary: (connector, draft, options) =>
      clients.createTemporary(connector, draft, options),
  };
}
