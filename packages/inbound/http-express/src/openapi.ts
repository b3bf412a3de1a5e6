import type { JsonObject } from '@tenon/core';
import * as z from 'zod';
import type { Route } from './route.js';

/** What the document says of itself. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly publicUrl: string;
  readonly appKeyHeader: string;
  readonly appUserHeader: string;
}

type Schema = Record<string, unknown>;

const PROBLEM: Schema = {
  type: 'object',
  description: 'Problem details (RFC 9457)',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, where, and what to do' },
    code: { type: 'string', description: 'Stable code for programs' },
    requestId: { type: 'string' },
    details: { type: 'object' },
  },
};

const SECURITY: Readonly<Record<Route['auth'], readonly Schema[]>> = {
  user: [{ bearer: [] }, { appKey: [], appUser: [] }],
  app: [{ appKey: [] }],
  none: [],
};

/** Named schemas go to `components`; the others stay in place. */
class Components {
  readonly schemas: Record<string, unknown> = { Problem: PROBLEM };

  add(schema: z.ZodType, io: 'input' | 'output'): Schema {
    const {
      $schema: _dialect,
      $defs,
      ...rest
    } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
    for (const [name, definition] of Object.entries($defs ?? {}))
      this.schemas[name] = relocated(withoutId(definition));
    const { id, ...body } = rest;
    if (typeof id !== 'string') return relocated(rest);
    this.schemas[id] = relocated(body);
    return { $ref: `#/components/schemas/${id}` };
  }
}

function withoutId(definition: Schema): Schema {
  const { id: _id, ...rest } = definition;
  return rest;
}

/** Points references at `components`. */
function relocated(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as Schema;
}

function parameters(
  components: Components,
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
): Schema[] {
  if (!schema) return [];
  const object = components.add(schema, 'input') as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (object.required ?? []).includes(name),
    schema: property,
  }));
}

function success(components: Components, route: Route): Schema {
  if (route.writesResponse)
    return {
      '200': { description: 'A page for the browser' },
      '302': { description: 'Back to the product' },
    };
  const status = String(route.status ?? (route.result ? 200 : 204));
  if (!route.result) return { [status]: { description: 'Done' } };
  const schema = components.add(route.result, 'input');
  return { [status]: { description: 'Done', content: { 'application/json': { schema } } } };
}

function operation(components: Components, route: Route): Schema {
  const problem = {
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description && { description: route.description }),
    security: SECURITY[route.auth],
    ...(route.scope && { 'x-scope': route.scope }),
    parameters: [
      ...parameters(components, route.params, 'path'),
      ...parameters(components, route.query, 'query'),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: components.add(route.body, 'input') } },
      },
    }),
    responses: { ...success(components, route), default: { description: 'A problem', ...problem } },
  };
}

/** Describes the routes in OpenAPI 3.1, from the schemas that check their input. */
export function openApiDocument(routes: readonly Route[], info: OpenApiInfo): JsonObject {
  const components = new Components();
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operation(components, route);
  }
  const document = {
    openapi: '3.1.0',
    info: { title: info.title, version: info.version },
    servers: [{ url: info.publicUrl }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of a user: tnn_…' },
        appKey: {
          type: 'apiKey',
          in: 'header',
          name: info.appKeyHeader,
          description: "The key of the product's back end",
        },
        appUser: {
          type: 'apiKey',
          in: 'header',
          name: info.appUserHeader,
          description: "The product's own id of a user",
        },
      },
    },
  };
  return document as unknown as JsonObject;
}
