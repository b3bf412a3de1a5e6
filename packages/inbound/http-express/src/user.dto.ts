import type { UserId, UserView } from '@tenon/core';
import * as z from 'zod';
import { idOf, time } from './schemas.js';

export const userDto = z
  .object({
    id: z.string(),
    kind: z.enum(['individual', 'organization']),
    username: z.string().nullable(),
    email: z.string().nullable(),
    appUserId: z.string().nullable(),
    status: z.enum(['active', 'disabled']),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'User' });

export const createUserBody = z.strictObject({
  kind: z.enum(['individual', 'organization']).default('individual'),
  username: z.string().optional(),
  password: z.string().optional().describe('At least 12 characters'),
  email: z.string().optional(),
  appUserId: z.string().optional().describe("The product's own id of this user"),
  organizationId: idOf<UserId>('organisation that it becomes a member of').optional(),
});

export function toUserDto(user: UserView): z.input<typeof userDto> {
  return {
    id: user.id,
    kind: user.kind,
    username: user.username,
    email: user.email,
    appUserId: user.appUserId,
    status: user.status,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}
