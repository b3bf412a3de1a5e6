import type { Brand } from '../platform/brand.js';
import type { JsonObject } from '../platform/json.js';
import type { ConnectionId } from '../connection/connection.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

export type InstallationId = Brand<string, 'InstallationId'>;

/**
 * `enabled`: jobs, webhooks and schedules run. `disabled`: they are parked. `creating` and `deleting`: a lifecycle hook
 * is at work or was cut short; creating again or deleting again picks it up. `error`: `onCreate` failed.
 */
export type InstallationStatus = 'creating' | 'enabled' | 'disabled' | 'error' | 'deleting';

/** Something that a person should know about an installation. */
export interface InstallationMessage {
  readonly level: 'info' | 'warning' | 'error';
  /** Messages with the same code replace each other, so that a repeated failure shows once. */
  readonly code: string;
  readonly text: string;
  readonly at: Date;
  /** How often it was added. */
  readonly count: number;
}

/** The most messages that an installation keeps; the oldest go first. */
export const MAX_INSTALLATION_MESSAGES = 50;

/** One tenant's configured instance of an integration, bound to its connections. */
export interface Installation {
  readonly id: InstallationId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** Name and version of the integration's definition. */
  readonly integration: string;
  readonly integrationVersion: string;
  readonly name: string;
  readonly status: InstallationStatus;
  readonly config: JsonObject;
  /** Connection of each slot that the integration declares. */
  readonly connections: Readonly<Record<string, ConnectionId>>;
  /** `slot=id` pairs sorted and joined: unique per tenant and integration. */
  readonly connectionsKey: string;
  readonly messages: readonly InstallationMessage[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** The canonical text of a set of connections. */
export function connectionsKey(connections: Readonly<Record<string, ConnectionId>>): string {
  return Object.keys(connections)
    .sort()
    .map((slot) => `${slot}=${connections[slot] ?? ''}`)
    .join('&');
}

/** Adds a message, newest first, merged by code and bounded. */
export function withMessage(
  messages: readonly InstallationMessage[],
  message: Omit<InstallationMessage, 'count'>,
): readonly InstallationMessage[] {
  const same = messages.find((each) => each.code === message.code);
  const rest = messages.filter((each) => each !== same);
  return [{ ...message, count: (same?.count ?? 0) + 1 }, ...rest].slice(
    0,
    MAX_INSTALLATION_MESSAGES,
  );
}
