import type { Commands, InstallationId, ScheduleId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import {
  newScheduleDto,
  scheduleChangeDto,
  scheduleDto,
  toScheduleDto,
  toWhen,
} from './schedule.dto.js';
import { idOf, mapPage, pageOf, pageQuery } from './schemas.js';

const tag = 'Schedules';
const collection = '/api/installations/:installationId/schedules';
const path = `${collection}/:scheduleId`;
const owner = z.object({ installationId: idOf<InstallationId>('installation') });
const params = owner.extend({ scheduleId: idOf<ScheduleId>('schedule') });

function readRoutes(schedules: Commands['schedules']): Route[] {
  return [
    route({
      operationId: 'listSchedules',
      method: 'get',
      path: collection,
      tag,
      summary: 'List the stored schedules of an installation',
      auth: 'user',
      scope: 'runs:read',
      params: owner,
      query: z.strictObject({
        ...pageQuery,
        enabled: z
          .enum(['true', 'false'])
          .transform((text) => text === 'true')
          .optional(),
      }),
      result: pageOf(scheduleDto),
      handle: async ({ context, params: input, query }) =>
        mapPage(await schedules.list(context, { ...input, ...query }), toScheduleDto),
    }),
    route({
      operationId: 'getSchedule',
      method: 'get',
      path,
      tag,
      summary: 'Get a stored schedule',
      auth: 'user',
      scope: 'runs:read',
      params,
      result: scheduleDto,
      handle: async ({ context, params: input }) =>
        toScheduleDto(await schedules.get(context, input)),
    }),
  ];
}

/** Schedules that users make, beside those that integrations declare. */
export function scheduleRoutes({ schedules }: Pick<Commands, 'schedules'>): Route[] {
  return [
    ...readRoutes(schedules),
    route({
      operationId: 'createSchedule',
      method: 'post',
      path: collection,
      tag,
      summary: 'Start a declared job by cron, at a distance, or once',
      auth: 'user',
      scope: 'runs:write',
      params: owner,
      body: newScheduleDto,
      status: 201,
      result: scheduleDto,
      handle: async ({ context, params: input, body }) =>
        toScheduleDto(
          await schedules.create(context, { ...input, ...body, when: toWhen(body.when) }),
        ),
    }),
    route({
      operationId: 'updateSchedule',
      method: 'patch',
      path,
      tag,
      summary: 'Change a schedule; what is left out stays',
      auth: 'user',
      scope: 'runs:write',
      params,
      body: scheduleChangeDto,
      result: scheduleDto,
      handle: async ({ context, params: input, body: { when, ...rest } }) =>
        toScheduleDto(
          await schedules.update(context, { ...input, ...rest, when: when && toWhen(when) }),
        ),
    }),
    route({
      operationId: 'deleteSchedule',
      method: 'delete',
      path,
      tag,
      summary: 'Delete a schedule; its runs stay',
      auth: 'user',
      scope: 'runs:write',
      params,
      handle: ({ context, params: input }) => schedules.delete(context, input),
    }),
  ];
}
