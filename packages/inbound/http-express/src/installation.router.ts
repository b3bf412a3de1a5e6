import { installationIncludes } from '@tenon/core';
import type { Commands, ConnectionId, InstallationId } from '@tenon/core';
import * as z from 'zod';
import {
  installationDto,
  installationPageDto,
  installationStatus,
  toInstallationDto,
  toInstallationPageDto,
} from './installation.dto.js';
import { route } from './route.js';
import type { Route } from './route.js';
import { runDto, toRunDto } from './run.dto.js';
import { idOf, json, pageQuery } from './schemas.js';

const tag = 'Installations';
const path = '/api/installations/:installationId';
const params = z.object({ installationId: idOf<InstallationId>('installation') });

function toggleRoutes(installations: Commands['installations']): Route[] {
  return (['enable', 'disable'] as const).map((verb) =>
    route({
      operationId: `${verb}Installation`,
      method: 'post',
      path: `${path}/${verb}`,
      tag,
      summary: verb === 'enable' ? 'Enable; parked jobs go on' : 'Disable; jobs are parked',
      auth: 'user',
      scope: 'installations:write',
      params,
      result: installationDto,
      handle: async ({ context, params: input }) =>
        toInstallationDto(await installations[verb](context, input)),
    }),
  );
}

function workRoutes(installations: Commands['installations']): Route[] {
  return [
    route({
      operationId: 'runAction',
      method: 'post',
      path: `${path}/actions/:action`,
      tag,
      summary: 'Call a declared action',
      auth: 'user',
      scope: 'installations:write',
      params: params.extend({ action: z.string().max(100) }),
      body: z.strictObject({ input: z.json().optional() }),
      result: z.object({ result: json }),
      handle: async ({ context, params: input, body }) => ({
        result: await installations.runAction(context, { ...input, input: body.input }),
      }),
    }),
    route({
      operationId: 'startRun',
      method: 'post',
      path: `${path}/runs`,
      tag,
      summary: 'Start a run of a declared job',
      description: 'With a key, a second call answers the first run instead of starting another.',
      auth: 'user',
      scope: 'runs:write',
      params,
      body: z.strictObject({
        job: z.string(),
        input: z.json().optional(),
        key: z.string().max(200).optional(),
      }),
      status: 201,
      result: runDto,
      handle: async ({ context, params: { installationId }, body }) =>
        toRunDto(await installations.startRun(context, { installationId, ...body })),
    }),
  ];
}

function lifecycleRoutes(installations: Commands['installations']): Route[] {
  return [
    route({
      operationId: 'createInstallation',
      method: 'post',
      path: '/api/installations',
      tag,
      summary: 'Install an integration',
      description: 'Repeating the call after a failure goes on where it stopped.',
      auth: 'user',
      scope: 'installations:write',
      body: z.strictObject({
        integration: z.string(),
        name: z.string().max(200).optional(),
        connections: z.record(z.string(), idOf<ConnectionId>('connection')),
        config: z.json().optional(),
      }),
      status: 201,
      result: installationDto,
      handle: async ({ context, body }) =>
        toInstallationDto(await installations.create(context, body)),
    }),
    route({
      operationId: 'updateInstallation',
      method: 'patch',
      path,
      tag,
      summary: 'Change name or configuration',
      auth: 'user',
      scope: 'installations:write',
      params,
      body: z.strictObject({ name: z.string().max(200).optional(), config: z.json().optional() }),
      result: installationDto,
      handle: async ({ context, params: { installationId }, body }) =>
        toInstallationDto(await installations.update(context, { installationId, ...body })),
    }),
    ...toggleRoutes(installations),
    route({
      operationId: 'deleteInstallation',
      method: 'delete',
      path,
      tag,
      summary: 'Delete an installation with all that it owns',
      auth: 'user',
      scope: 'installations:write',
      params,
      handle: ({ context, params: input }) => installations.delete(context, input),
    }),
  ];
}

/** Installed integrations of the caller. */
export function installationRoutes({ installations }: Pick<Commands, 'installations'>): Route[] {
  return [
    ...lifecycleRoutes(installations),
    route({
      operationId: 'listInstallations',
      method: 'get',
      path: '/api/installations',
      tag,
      summary: 'List installations',
      auth: 'user',
      scope: 'installations:read',
      query: z.strictObject({
        ...pageQuery,
        integration: z.string().optional(),
        status: installationStatus.optional(),
        include: z
          .enum(installationIncludes)
          .optional()
          .describe('Also the connections that the installations are bound to, each once'),
      }),
      result: installationPageDto,
      handle: async ({ context, query: { include, ...query } }) =>
        toInstallationPageDto(
          await installations.list(context, { ...query, ...(include && { include: [include] }) }),
        ),
    }),
    route({
      operationId: 'getInstallation',
      method: 'get',
      path,
      tag,
      summary: 'Get an installation',
      auth: 'user',
      scope: 'installations:read',
      params,
      result: installationDto,
      handle: async ({ context, params: input }) =>
        toInstallationDto(await installations.get(context, input)),
    }),
    ...workRoutes(installations),
  ];
}
