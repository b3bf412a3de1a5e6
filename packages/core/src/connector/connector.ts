import type { JsonObject } from '../platform/json.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import { rejectUnknownKeys } from '../platform/options.js';
import type { ApiClient } from './api-client.js';
import { validateAuth } from './validate-auth.js';
import type { AuthDefinition } from './auth.js';
import type { DryRunRules } from './dry-run-rules.js';
import type { WebhookScheme } from './webhook-scheme.js';

/** Names and pictures for people. */
export interface Display {
  readonly label: string;
  readonly description?: string;
  readonly icon?: string;
  readonly documentationUrl?: string;
}

/** What an account is, as its provider says. */
export interface Identity {
  /** The provider's id of the account. */
  readonly externalId: string;
  /** Name for people. */
  readonly name?: string;
  /** Non-secret facts to keep on the connection. */
  readonly profile?: JsonObject;
}

/** How hard a connector may be pressed. All optional; times in milliseconds. */
export interface ConnectorLimits {
  /** Requests per second of one connection in one process; none by default. */
  readonly requestsPerSecond?: number;
  /** Parallel requests of one connection in one process. Default: 10. */
  readonly concurrency?: number;
  /** Attempts of one call, the first included. Default: 5. */
  readonly maxAttempts?: number;
  /** Time for one attempt. Default: 30,000. */
  readonly attemptTimeoutMs?: number;
  /** Time for a call with all its attempts and waits. Default: 120,000. Longer waits end it as `PROVIDER_RATE_LIMITED`, so that the job is put off. */
  readonly totalTimeoutMs?: number;
  /** Largest answer in bytes. Default: 10 MiB. */
  readonly maxResponseBytes?: number;
}

/** The definition of one third-party API. `Api` is the typed client that integrations get. */
export interface Connector<Api = unknown> {
  /** Lower case with dashes; unique in the app; stored with connections, so never renamed. */
  readonly name: string;
  readonly display: Display;
  readonly auth: AuthDefinition;
  /** Absolute URL that paths are relative to, or a function of the connection's profile for per-account hosts. */
  readonly baseUrl: string | ((profile: JsonObject) => string);
  /** Builds the typed client. */
  readonly api: (http: ApiClient) => Api;
  /** Asks the provider whose account this is. Called after connecting and by the connection test. */
  identity(api: Api): Promise<Identity>;
  readonly limits?: ConnectorLimits;
  /** How the provider signs its webhooks; absent when it sends none. */
  readonly webhooks?: WebhookScheme;
  /** What `tenon run --dry-run` cannot know by itself. */
  readonly dryRun?: DryRunRules;
}

/** The client type of a connector. */
export type ApiOf<C> = C extends Connector<infer Api> ? Api : never;

const KEYS = [
  'name',
  'display',
  'auth',
  'baseUrl',
  'api',
  'identity',
  'limits',
  'webhooks',
  'dryRun',
];
export const NAME_PATTERN = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * Checks and freezes a connector's definition.
 * @throws MisconfiguredError naming the connector, the option and what is right.
 */
export function defineConnector<Api>(definition: Connector<Api>): Connector<Api> {
  rejectUnknownKeys(`Connector '${definition.name}'`, definition, KEYS);
  if (!NAME_PATTERN.test(definition.name)) {
    throw new MisconfiguredError(
      `Connector '${definition.name}': a name has 1 to 63 lower-case letters, digits and dashes, and begins with a letter`,
    );
  }
  if (typeof definition.baseUrl === 'string' && !/^https?:\/\//.test(definition.baseUrl)) {
    throw new MisconfiguredError(
      `Connector '${definition.name}': baseUrl must begin with https:// or http://`,
    );
  }
  validateAuth(definition.name, definition.auth);
  return Object.freeze({ ...definition });
}
