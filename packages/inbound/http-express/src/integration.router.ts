import type { Commands, IntegrationView, StandardSchemaV1 } from '@tenon/core';
import * as z from 'zod';
import { displayDto } from './connector.router.js';
import { toJsonSchema } from './json-schema.js';
import { route } from './route.js';
import type { Route } from './route.js';
import { jsonObject } from './schemas.js';

const integrationDto = z
  .object({
    name: z.string(),
    version: z.string(),
    display: displayDto,
    connections: z.record(z.string(), z.string()).describe('Name of the connector of each slot'),
    configSchema: jsonObject
      .nullable()
      .describe('JSON Schema of the configuration, where its library can tell'),
    jobs: z.array(z.string()),
    actions: z.array(
      z.object({
        name: z.string(),
        display: displayDto.nullable(),
        inputSchema: jsonObject.nullable(),
      }),
    ),
    schedules: z.array(
      z.object({ name: z.string(), cron: z.string(), timeZone: z.string(), job: z.string() }),
    ),
    webhooks: z.array(z.string()).describe('Slots whose providers report changes'),
  })
  .meta({ id: 'Integration' });

function schemaDto(schema: StandardSchemaV1 | null): z.input<typeof jsonObject> | null {
  return schema === null ? null : (toJsonSchema(schema) as z.input<typeof jsonObject> | null);
}

function toIntegrationDto(view: IntegrationView): z.input<typeof integrationDto> {
  return {
    name: view.name,
    version: view.version,
    display: view.display,
    connections: view.connections,
    configSchema: schemaDto(view.config),
    jobs: [...view.jobs],
    actions: Object.entries(view.actions).map(([name, action]) => ({
      name,
      display: action.display,
      inputSchema: schemaDto(action.input),
    })),
    schedules: Object.entries(view.schedules).map(([name, schedule]) => ({ name, ...schedule })),
    webhooks: [...view.webhooks],
  };
}

/** The integrations that the app offers. */
export function integrationRoutes({ integrations }: Pick<Commands, 'integrations'>): Route[] {
  const tag = 'Integrations';
  return [
    route({
      operationId: 'listIntegrations',
      method: 'get',
      path: '/api/integrations',
      tag,
      summary: 'List integrations',
      auth: 'user',
      scope: 'installations:read',
      result: z.object({ items: z.array(integrationDto) }),
      handle: async ({ context }) => ({
        items: (await integrations.list(context, {})).map(toIntegrationDto),
      }),
    }),
    route({
      operationId: 'getIntegration',
      method: 'get',
      path: '/api/integrations/:integration',
      tag,
      summary: 'Get an integration',
      auth: 'user',
      scope: 'installations:read',
      params: z.object({ integration: z.string() }),
      result: integrationDto,
      handle: async ({ context, params }) =>
        toIntegrationDto(await integrations.get(context, params)),
    }),
  ];
}
