import type { Commands, InstallationId, JobId, JobView } from '@tenon/core';
import * as z from 'zod';
import { route } from './route.js';
import type { Route } from './route.js';
import {
  idOf,
  isoOrNull,
  json,
  mapPage,
  pageOf,
  pageQuery,
  problemSummary,
  time,
} from './schemas.js';

const jobDto = z
  .object({
    id: z.string(),
    installationId: z.string(),
    state: z.enum(['waiting', 'queued', 'working', 'done', 'dead', 'parked']),
    runId: z.string().nullable(),
    job: z.string().nullable(),
    queue: z.string().nullable(),
    attempts: z.number().int(),
    enqueuedAt: time.nullable(),
    availableAt: time.nullable().describe('Of a waiting job: not handed to its queue before'),
    deadLetterId: z.string().nullable(),
    reason: z.string().nullable(),
    error: problemSummary.nullable(),
    input: json,
  })
  .meta({ id: 'Job' });

function toJobDto(job: JobView): z.input<typeof jobDto> {
  return {
    ...job,
    enqueuedAt: isoOrNull(job.enqueuedAt),
    availableAt: isoOrNull(job.availableAt),
  };
}

const tag = 'Jobs';
const path = '/api/jobs/:jobId';
const params = z.object({ jobId: idOf<JobId>('job') });

function writeRoutes(jobs: Commands['jobs']): Route[] {
  return [
    route({
      operationId: 'retryJob',
      method: 'post',
      path: `${path}/retry`,
      tag,
      summary: 'Run a job now that waits or has stopped',
      auth: 'user',
      scope: 'runs:write',
      params,
      handle: ({ context, params: input }) => jobs.retry(context, input),
    }),
    route({
      operationId: 'discardJob',
      method: 'delete',
      path,
      tag,
      summary: 'Give a job up that waits or has stopped',
      auth: 'user',
      scope: 'runs:write',
      params,
      query: z.strictObject({ reason: z.string().min(1).max(500).describe('Kept in the log') }),
      handle: ({ context, params: { jobId }, query }) =>
        jobs.discard(context, { jobId, reason: query.reason }),
    }),
  ];
}

/** Single jobs: those that wait, and those that stopped. */
export function jobRoutes({ jobs }: Pick<Commands, 'jobs'>): Route[] {
  return [
    route({
      operationId: 'listJobs',
      method: 'get',
      path: '/api/jobs',
      tag,
      summary: 'List jobs that wait or have stopped',
      description:
        'Jobs that lie on a queue are known to the queue alone: their number is in the health report.',
      auth: 'user',
      scope: 'runs:read',
      query: z.strictObject({
        ...pageQuery,
        installationId: idOf<InstallationId>('installation').optional(),
        state: z.enum(['waiting', 'dead', 'parked']).optional().describe('waiting by default'),
      }),
      result: pageOf(jobDto),
      handle: async ({ context, query }) => mapPage(await jobs.list(context, query), toJobDto),
    }),
    route({
      operationId: 'getJob',
      method: 'get',
      path,
      tag,
      summary: 'Get what is known of a job',
      auth: 'user',
      scope: 'runs:read',
      params,
      result: jobDto,
      handle: async ({ context, params: input }) => toJobDto(await jobs.get(context, input)),
    }),
    ...writeRoutes(jobs),
  ];
}
