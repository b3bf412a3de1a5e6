import { membershipRoles } from '@tenon/core';
import type { Commands, Membership, UserId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, mapPage, pageOf, pageQuery, time } from './schemas.js';

const tag = 'Members';
const collection = '/api/users/:organizationId/members';
const path = `${collection}/:userId`;
const owner = z.object({ organizationId: idOf<UserId>('organisation') });
const params = owner.extend({ userId: idOf<UserId>('user') });
const role = z.enum(membershipRoles);

const membershipDto = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    userId: z.string(),
    role,
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Membership' });

function toMembershipDto(membership: Membership): z.input<typeof membershipDto> {
  const { id, organizationId, userId, createdAt, updatedAt } = membership;
  return {
    ...{ id, organizationId, userId, role: membership.role },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function readRoutes(members: Commands['members']): Route[] {
  return [
    route({
      operationId: 'listMembers',
      method: 'get',
      path: collection,
      tag,
      summary: 'List the members of an organisation',
      auth: 'user',
      scope: 'users:read',
      params: owner,
      query: z.strictObject({ ...pageQuery, role: role.optional() }),
      result: pageOf(membershipDto),
      handle: async ({ context, params: input, query }) =>
        mapPage(await members.list(context, { ...input, ...query }), toMembershipDto),
    }),
    route({
      operationId: 'listOrganizations',
      method: 'get',
      path: '/api/users/:userId/organizations',
      tag,
      summary: 'List the organisations that a user is in',
      auth: 'user',
      scope: 'users:read',
      params: z.object({ userId: idOf<UserId>('user') }),
      query: z.strictObject(pageQuery),
      result: pageOf(membershipDto),
      handle: async ({ context, params: input, query }) =>
        mapPage(await members.organizations(context, { ...input, ...query }), toMembershipDto),
    }),
  ];
}

/** Users in organisations. */
export function membershipRoutes({ members }: Pick<Commands, 'members'>): Route[] {
  return [
    ...readRoutes(members),
    route({
      operationId: 'addMember',
      method: 'post',
      path: collection,
      tag,
      summary: 'Put a user into an organisation',
      auth: 'user',
      scope: 'users:write',
      params: owner,
      body: z.strictObject({ userId: idOf<UserId>('user'), role: role.optional() }),
      status: 201,
      result: membershipDto,
      handle: async ({ context, params: input, body }) =>
        toMembershipDto(await members.add(context, { ...input, ...body })),
    }),
    route({
      operationId: 'changeMemberRole',
      method: 'patch',
      path,
      tag,
      summary: 'Change the role of a member',
      auth: 'user',
      scope: 'users:write',
      params,
      body: z.strictObject({ role }),
      result: membershipDto,
      handle: async ({ context, params: input, body }) =>
        toMembershipDto(await members.changeRole(context, { ...input, ...body })),
    }),
    route({
      operationId: 'removeMember',
      method: 'delete',
      path,
      tag,
      summary: 'Take a member out of an organisation; members may leave by themselves',
      auth: 'user',
      scope: 'users:write',
      params,
      handle: ({ context, params: input }) => members.remove(context, input),
    }),
  ];
}
