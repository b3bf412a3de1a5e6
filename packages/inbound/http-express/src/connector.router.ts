import type { AuthField, Commands, ConnectorView } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';

export const displayDto = z
  .object({
    label: z.string(),
    description: z.string().optional(),
    icon: z.string().optional(),
    documentationUrl: z.string().optional(),
  })
  .meta({ id: 'Display' });

export const fieldDto = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string().nullable(),
  secret: z.boolean(),
  required: z.boolean(),
  pattern: z.string().nullable(),
});

const connectorDto = z
  .object({
    name: z.string(),
    display: displayDto,
    authentication: z.object({
      type: z.enum(['oauth2', 'api_key', 'basic']),
      scopes: z.array(z.string()),
      fields: z.array(fieldDto).describe('The form of connectors without OAuth'),
      steps: z
        .array(z.array(z.string()))
        .describe('Names of the fields by step of the form; one step for most'),
    }),
    webhooks: z.boolean(),
  })
  .meta({ id: 'Connector' });

export function toFieldDto([name, field]: [string, AuthField]): z.input<typeof fieldDto> {
  return {
    name,
    label: field.label,
    help: field.help ?? null,
    secret: field.secret ?? true,
    required: field.required ?? true,
    pattern: field.pattern ?? null,
  };
}

function toConnectorDto(connector: ConnectorView): z.input<typeof connectorDto> {
  const { auth } = connector;
  return {
    name: connector.name,
    display: connector.display,
    authentication: {
      type: auth.type,
      scopes: auth.type === 'oauth2' ? [...auth.scopes] : [],
      fields: auth.type === 'oauth2' ? [] : Object.entries(auth.fields).map(toFieldDto),
      steps: auth.type === 'oauth2' ? [] : auth.steps.map((names) => [...names]),
    },
    webhooks: connector.webhooks,
  };
}

/** The connectors that the app offers. */
export function connectorRoutes({ connectors }: Pick<Commands, 'connectors'>): Route[] {
  const tag = 'Connectors';
  return [
    route({
      operationId: 'listConnectors',
      method: 'get',
      path: '/api/connectors',
      tag,
      summary: 'List connectors',
      auth: 'user',
      scope: 'connections:read',
      result: z.object({ items: z.array(connectorDto) }),
      handle: async ({ context }) => ({
        items: (await connectors.list(context, {})).map(toConnectorDto),
      }),
    }),
    route({
      operationId: 'getConnector',
      method: 'get',
      path: '/api/connectors/:connector',
      tag,
      summary: 'Get a connector',
      auth: 'user',
      scope: 'connections:read',
      params: z.object({ connector: z.string() }),
      result: connectorDto,
      handle: async ({ context, params }) => toConnectorDto(await connectors.get(context, params)),
    }),
  ];
}
