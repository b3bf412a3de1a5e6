import type { Commands, DeadLetter, DeadLetterId, InstallationId, RunId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, json, mapPage, pageOf, pageQuery, problemSummary, time } from './schemas.js';

const reason = z.enum(['failed', 'cancelled', 'installation_disabled', 'needs_reauthorization']);

const deadLetterDto = z
  .object({
    id: z.string(),
    installationId: z.string(),
    runId: z.string().nullable(),
    queue: z.string(),
    job: z.string(),
    input: json,
    reason,
    error: problemSummary,
    attempts: z.number().int(),
    createdAt: time,
  })
  .meta({ id: 'DeadLetter' });

function toDeadLetterDto(deadLetter: DeadLetter): z.input<typeof deadLetterDto> {
  return {
    id: deadLetter.id,
    installationId: deadLetter.installationId,
    runId: deadLetter.runId,
    queue: deadLetter.queue,
    job: deadLetter.message.job,
    input: deadLetter.message.input,
    reason: deadLetter.reason,
    error: deadLetter.error,
    attempts: deadLetter.attempts,
    createdAt: deadLetter.createdAt.toISOString(),
  };
}

const tag = 'Dead letters';
const path = '/api/dead-letters/:deadLetterId';
const params = z.object({ deadLetterId: idOf<DeadLetterId>('dead letter') });

/** Jobs that stopped: look, try again, discard. */
export function deadLetterRoutes({ deadLetters }: Pick<Commands, 'deadLetters'>): Route[] {
  return [
    route({
      operationId: 'listDeadLetters',
      method: 'get',
      path: '/api/dead-letters',
      tag,
      summary: 'List dead letters and parked jobs',
      auth: 'user',
      scope: 'runs:read',
      query: z.strictObject({
        ...pageQuery,
        installationId: idOf<InstallationId>('installation').optional(),
        runId: idOf<RunId>('run').optional(),
        reason: reason.optional(),
      }),
      result: pageOf(deadLetterDto),
      handle: async ({ context, query }) =>
        mapPage(await deadLetters.list(context, query), toDeadLetterDto),
    }),
    route({
      operationId: 'getDeadLetter',
      method: 'get',
      path,
      tag,
      summary: 'Get a dead letter',
      auth: 'user',
      scope: 'runs:read',
      params,
      result: deadLetterDto,
      handle: async ({ context, params: input }) =>
        toDeadLetterDto(await deadLetters.get(context, input)),
    }),
    route({
      operationId: 'redriveDeadLetter',
      method: 'post',
      path: `${path}/redrive`,
      tag,
      summary: 'Try a dead letter again',
      auth: 'user',
      scope: 'runs:write',
      params,
      handle: ({ context, params: input }) => deadLetters.redrive(context, input),
    }),
    route({
      operationId: 'discardDeadLetter',
      method: 'delete',
      path,
      tag,
      summary: 'Give a dead letter up',
      auth: 'user',
      scope: 'runs:write',
      params,
      query: z.strictObject({ reason: z.string().min(1).max(500).describe('Kept in the log') }),
      handle: ({ context, params: { deadLetterId }, query }) =>
        deadLetters.discard(context, { deadLetterId, reason: query.reason }),
    }),
  ];
}
