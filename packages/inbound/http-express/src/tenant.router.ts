import type { Commands, Tenant, TenantId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, mapPage, pageOf, pageQuery, time } from './schemas.js';
import { createUserBody, toUserDto, userDto } from './user.dto.js';

const tenantDto = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['active', 'suspended', 'deleting']),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Tenant' });

const tag = 'Tenants';
const auth = 'app';
const params = z.object({ tenantId: idOf<TenantId>('tenant') });

function toTenantDto(tenant: Tenant): z.input<typeof tenantDto> {
  return {
    id: tenant.id,
    name: tenant.name,
    status: tenant.status,
    createdAt: tenant.createdAt.toISOString(),
    updatedAt: tenant.updatedAt.toISOString(),
  };
}

function tenantUserRoute({ tenants, users }: Pick<Commands, 'tenants' | 'users'>): Route {
  return route({
    operationId: 'createTenantUser',
    method: 'post',
    path: '/api/tenants/:tenantId/users',
    tag,
    summary: 'Create a user of a tenant',
    auth,
    params,
    body: createUserBody,
    status: 201,
    result: userDto,
    handle: async ({ context, params: input, body }) =>
      toUserDto(await users.create(await tenants.contextOf(context, input), body)),
  });
}

function tenantDeletionRoute({ tenants }: Pick<Commands, 'tenants'>): Route {
  return route({
    operationId: 'deleteTenant',
    method: 'delete',
    path: '/api/tenants/:tenantId',
    tag,
    summary: 'Shut a tenant for good and delete everything that is its, in the background',
    auth,
    params,
    status: 202,
    result: tenantDto,
    handle: async ({ context, params: input }) =>
      toTenantDto(await tenants.requestDeletion(context, input)),
  });
}

/** Tenants, for the product's back end. */
export function tenantRoutes(commands: Pick<Commands, 'tenants' | 'users'>): Route[] {
  const { tenants } = commands;
  return [
    route({
      operationId: 'createTenant',
      method: 'post',
      path: '/api/tenants',
      tag,
      summary: 'Create a tenant',
      auth,
      body: z.strictObject({ name: z.string() }),
      status: 201,
      result: tenantDto,
      handle: async ({ context, body }) => toTenantDto(await tenants.create(context, body)),
    }),
    route({
      operationId: 'listTenants',
      method: 'get',
      path: '/api/tenants',
      tag,
      summary: 'List tenants',
      auth,
      query: z.strictObject(pageQuery),
      result: pageOf(tenantDto),
      handle: async ({ context, query }) =>
        mapPage(await tenants.list(context, query), toTenantDto),
    }),
    route({
      operationId: 'getTenant',
      method: 'get',
      path: '/api/tenants/:tenantId',
      tag,
      summary: 'Get a tenant',
      auth,
      params,
      result: tenantDto,
      handle: async ({ context, params: input }) => toTenantDto(await tenants.get(context, input)),
    }),
    route({
      operationId: 'updateTenant',
      method: 'patch',
      path: '/api/tenants/:tenantId',
      tag,
      summary: 'Suspend a tenant, or make it active again',
      auth,
      params,
      body: z.strictObject({ status: z.enum(['active', 'suspended']) }),
      result: tenantDto,
      handle: async ({ context, params: { tenantId }, body: { status } }) =>
        toTenantDto(await tenants.setStatus(context, { tenantId, status })),
    }),
    tenantDeletionRoute(commands),
    tenantUserRoute(commands),
  ];
}
