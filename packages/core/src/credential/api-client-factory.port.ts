import type { AuditActor } from '../audit/audit-entry.js';
import type { Connection } from '../connection/connection.js';
import type { Connector } from '../connector/connector.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { JsonObject } from '../platform/json.js';
import type { Logger } from '../platform/logger.port.js';
import type { CredentialMaterial } from './credential.js';

/** Who uses a connection's credential, and what for; enters the audit trail. */
export interface CredentialReader {
  readonly actor: AuditActor;
  readonly requestId: string;
  /** For example `call`. */
  readonly purpose: string;
}

/** Makes the typed client of a connection: the connector's `api` over an authorised HTTP client. */
export interface ApiClientFactory {
  /** `signal` ends every call of the client. Making a client reads nothing and sends nothing. */
  create<Api>(
    connector: Connector<Api>,
    connection: Connection,
    options: {
      readonly signal?: CancellationSignal;
      readonly logger: Logger;
      readonly reader?: CredentialReader;
    },
  ): Api;
  /** A client over material that is not stored yet, for the identity call that decides whether it is kept. Nothing is refreshed. */
  createTemporary<Api>(
    connector: Connector<Api>,
    draft: { readonly material: CredentialMaterial; readonly profile: JsonObject },
    options: { readonly signal?: CancellationSignal; readonly logger: Logger },
  ): Api;
}
