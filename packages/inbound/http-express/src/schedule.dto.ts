import type { Schedule, ScheduleWhen } from '@tenon/core';
import * as z from 'zod';
import { isoOrNull, json, time } from './schemas.js';

export const scheduleOverlap = z
  .enum(['skip', 'queue', 'allow'])
  .describe('What a time does while the last run is at work: nothing, wait for its end, or start');

export const scheduleCatchUp = z
  .enum(['none', 'last', 'all'])
  .describe(
    'Which of the times that passed while nobody was there start runs: none, the newest, or each',
  );

const whenDto = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cron'),
    cron: z.string().max(200).describe('Five fields, or six with seconds first'),
    timeZone: z.string().max(100).optional().describe('IANA name; UTC by default'),
  }),
  z.strictObject({
    kind: z.literal('every'),
    everyMs: z.number().int(),
    startAt: time.optional().describe('The first time; by default everyMs from now'),
  }),
  z.strictObject({ kind: z.literal('once'), at: time }),
]);

/** Body of a new schedule. */
export const newScheduleDto = z.strictObject({
  name: z.string().max(100),
  job: z.string(),
  input: z.json().optional(),
  when: whenDto,
  overlap: scheduleOverlap.optional(),
  catchUp: scheduleCatchUp.optional(),
  enabled: z.boolean().optional(),
});

/** Body of a change. */
export const scheduleChangeDto = newScheduleDto.omit({ name: true, job: true }).partial();

export function toWhen(when: z.output<typeof whenDto>): ScheduleWhen {
  if (when.kind === 'once') return { kind: 'once', at: new Date(when.at) };
  if (when.kind === 'cron') return when;
  const { startAt, ...rest } = when;
  return { ...rest, ...(startAt !== undefined && { startAt: new Date(startAt) }) };
}

export const scheduleDto = z
  .object({
    id: z.string(),
    installationId: z.string(),
    name: z.string(),
    job: z.string(),
    input: json,
    kind: z.enum(['cron', 'every', 'once']),
    cron: z.string().nullable(),
    timeZone: z.string(),
    everyMs: z.number().int().nullable(),
    runAt: time.nullable(),
    overlap: scheduleOverlap,
    catchUp: scheduleCatchUp,
    enabled: z.boolean(),
    nextAt: time.nullable(),
    lastStartedAt: time.nullable(),
    lastRunId: z.string().nullable(),
    missed: z.number().int().describe('How many of its times started no run'),
    lastMissedAt: time.nullable().describe('The newest of those'),
    lastMiss: z.enum(['late', 'overlap', 'not_enabled', 'failed']).nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Schedule' });

export function toScheduleDto(schedule: Schedule): z.input<typeof scheduleDto> {
  const { tenantId: _tenantId, version: _version, ...rest } = schedule;
  return {
    ...rest,
    runAt: isoOrNull(schedule.runAt),
    nextAt: isoOrNull(schedule.nextAt),
    lastStartedAt: isoOrNull(schedule.lastStartedAt),
    lastMissedAt: isoOrNull(schedule.lastMissedAt),
    createdAt: schedule.createdAt.toISOString(),
    updatedAt: schedule.updatedAt.toISOString(),
  };
}
