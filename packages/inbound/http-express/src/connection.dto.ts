import type { Connection } from '@tenon/core';
import * as z from 'zod';
import { isoOrNull, jsonObject, problemSummary, time } from './schemas.js';

export const connectionState = z.enum(['active', 'needs_reauthorization', 'disabled']);

export const connectionDto = z
  .object({
    id: z.string(),
    userId: z.string(),
    connector: z.string(),
    name: z.string(),
    state: connectionState,
    externalId: z.string(),
    profile: jsonObject,
    scopes: z.array(z.string()),
    problem: problemSummary.nullable(),
    lastTestedAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Connection' });

export function toConnectionDto(connection: Connection): z.input<typeof connectionDto> {
  return {
    id: connection.id,
    userId: connection.userId,
    connector: connection.connector,
    name: connection.name,
    state: connection.state,
    externalId: connection.externalId,
    profile: connection.profile as z.input<typeof jsonObject>,
    scopes: [...connection.scopes],
    problem: connection.problem,
    lastTestedAt: isoOrNull(connection.lastTestedAt),
    createdAt: connection.createdAt.toISOString(),
    updatedAt: connection.updatedAt.toISOString(),
  };
}
