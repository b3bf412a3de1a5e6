import type { Run } from '@tenon/core';
import * as z from 'zod';
import { isoOrNull, json, jsonObject, problemSummary, time } from './schemas.js';

export const runState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

const count = z.number().int();

export const runDto = z
  .object({
    id: z.string(),
    installationId: z.string(),
    parentId: z.string().nullable(),
    job: z.string(),
    key: z.string().nullable(),
    state: runState,
    progress: z.object({
      total: count.nullable(),
      processed: count,
      succeeded: count,
      failed: count,
      skipped: count,
    }),
    checkpoint: json,
    pendingJobs: count,
    deadJobs: count,
    error: problemSummary.nullable(),
    result: jsonObject.nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Run' });

export function toRunDto(run: Run): z.input<typeof runDto> {
  return {
    id: run.id,
    installationId: run.installationId,
    parentId: run.parentId,
    job: run.job,
    key: run.key,
    state: run.state,
    progress: run.progress,
    checkpoint: run.checkpoint,
    pendingJobs: run.pendingJobs,
    deadJobs: run.deadJobs,
    error: run.error,
    result: run.result as z.input<typeof jsonObject> | null,
    startedAt: isoOrNull(run.startedAt),
    finishedAt: isoOrNull(run.finishedAt),
    createdAt: run.createdAt.toISOString(),
    updatedAt: run.updatedAt.toISOString(),
  };
}
