import type { Commands } from '@tenon/core';
import { connectionRoutes } from './connection.router.js';
import { connectorRoutes } from './connector.router.js';
import { deadLetterRoutes } from './dead-letter.router.js';
import { installationRoutes } from './installation.router.js';
import { integrationRoutes } from './integration.router.js';
import type { Route } from './route.js';
import { runRoutes } from './run.router.js';
import { tenantRoutes } from './tenant.router.js';
import { tokenRoutes } from './token.router.js';
import { userRoutes } from './user.router.js';
import { webhookRoutes } from './webhook.router.js';

/** Every route of the API: what is served is what is described. */
export function allRoutes(
  commands: Commands,
  options: { readonly secureCookies: boolean },
): Route[] {
  return [
    ...tenantRoutes(commands),
    ...userRoutes(commands),
    ...tokenRoutes(commands),
    ...connectorRoutes(commands),
    ...connectionRoutes(commands, options),
    ...integrationRoutes(commands),
    ...installationRoutes(commands),
    ...runRoutes(commands),
    ...deadLetterRoutes(commands),
    ...webhookRoutes(commands),
  ];
}
