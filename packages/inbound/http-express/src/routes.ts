import type { Commands } from '@tenon/core';
import type { Route } from './route.js';

/** What makes routes out of use cases. */
export interface RouteParts {
  readonly commands: Commands;
  readonly secureCookies: boolean;
}

/** Routes that are loaded together, by the first request for one of them: a function pays for what it answers. */
export interface Feature {
  /** How the paths of its routes begin. */
  readonly prefixes: readonly string[];
  load(parts: RouteParts): Promise<Route[]>;
}

/** Every feature of the API. */
export const features: readonly Feature[] = [
  {
    prefixes: ['/api/tenants'],
    load: async ({ commands }) => (await import('./tenant.router.js')).tenantRoutes(commands),
  },
  {
    prefixes: ['/api/users', '/api/login'],
    load: async ({ commands }) => (await import('./user.router.js')).userRoutes(commands),
  },
  {
    prefixes: ['/api/users'],
    load: async ({ commands }) =>
      (await import('./membership.router.js')).membershipRoutes(commands),
  },
  {
    prefixes: ['/api/tokens'],
    load: async ({ commands }) => (await import('./token.router.js')).tokenRoutes(commands),
  },
  {
    prefixes: ['/api/connectors'],
    load: async ({ commands }) => (await import('./connector.router.js')).connectorRoutes(commands),
  },
  {
    prefixes: ['/api/connections'],
    load: async ({ commands, secureCookies }: RouteParts): Promise<Route[]> => {
      const { connectionRoutes } = await import('./connection.router.js');
      return connectionRoutes(commands, { secureCookies });
    },
  },
  {
    prefixes: ['/api/integrations'],
    load: async ({ commands }) =>
      (await import('./integration.router.js')).integrationRoutes(commands),
  },
  {
    prefixes: ['/api/installations'],
    load: async ({ commands }) =>
      (await import('./installation.router.js')).installationRoutes(commands),
  },
  {
    prefixes: ['/api/installations'],
    load: async ({ commands }) => (await import('./schedule.router.js')).scheduleRoutes(commands),
  },
  {
    prefixes: ['/api/runs'],
    load: async ({ commands }) => (await import('./run.router.js')).runRoutes(commands),
  },
  {
    prefixes: ['/api/jobs'],
    load: async ({ commands }) => (await import('./job.router.js')).jobRoutes(commands),
  },
  {
    prefixes: ['/api/dead-letters'],
    load: async ({ commands }) =>
      (await import('./dead-letter.router.js')).deadLetterRoutes(commands),
  },
  {
    prefixes: ['/api/audit'],
    load: async ({ commands }) => (await import('./audit.router.js')).auditRoutes(commands),
  },
  {
    prefixes: ['/api/websocket-tickets'],
    load: async ({ commands }) => (await import('./websocket.router.js')).websocketRoutes(commands),
  },
  {
    prefixes: ['/api/webhooks', '/api/installations'],
    load: async ({ commands }) => (await import('./webhook.router.js')).webhookRoutes(commands),
  },
];

/** Every route of the API: what is served is what is described. */
export async function allRoutes(parts: RouteParts): Promise<Route[]> {
  const routes: Route[] = [];
  // One after another: some module loaders fail when two imports link the same dependency at once.
  for (const feature of features) routes.push(...(await feature.load(parts)));
  return routes;
}
