import type { Commands, InstallationId, RunId } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import { runDto, runState, toRunDto } from './run.dto.js';
import { idOf, mapPage, pageOf, pageQuery } from './schemas.js';

const tag = 'Runs';
const params = z.object({ runId: idOf<RunId>('run') });

/** Runs of the caller's installations. */
export function runRoutes({ runs }: Pick<Commands, 'runs'>): Route[] {
  return [
    route({
      operationId: 'listRuns',
      method: 'get',
      path: '/api/runs',
      tag,
      summary: 'List runs',
      auth: 'user',
      scope: 'runs:read',
      query: z.strictObject({
        ...pageQuery,
        installationId: idOf<InstallationId>('installation').optional(),
        state: runState.optional(),
      }),
      result: pageOf(runDto),
      handle: async ({ context, query }) => mapPage(await runs.list(context, query), toRunDto),
    }),
    route({
      operationId: 'getRun',
      method: 'get',
      path: '/api/runs/:runId',
      tag,
      summary: 'Get a run with its progress',
      auth: 'user',
      scope: 'runs:read',
      params,
      result: runDto,
      handle: async ({ context, params: input }) => toRunDto(await runs.get(context, input)),
    }),
    ...(['cancel', 'resume'] as const).map((verb) =>
      route({
        operationId: `${verb}Run`,
        method: 'post',
        path: `/api/runs/:runId/${verb}`,
        tag,
        summary:
          verb === 'cancel'
            ? 'Stop a run'
            : 'Go on with a failed or cancelled run where it stopped',
        auth: 'user',
        scope: 'runs:write',
        params,
        result: runDto,
        handle: async ({ context, params: input }) => toRunDto(await runs[verb](context, input)),
      }),
    ),
  ];
}
