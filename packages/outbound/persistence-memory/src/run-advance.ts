import type { Run, RunAdvance, RunProgress, RunProgressDelta } from '@tenon/core';

function sum(progress: RunProgress, delta: RunProgressDelta): RunProgress {
  return {
    total: delta.total ?? progress.total,
    processed: progress.processed + (delta.processed ?? 0),
    succeeded: progress.succeeded + (delta.succeeded ?? 0),
    failed: progress.failed + (delta.failed ?? 0),
    skipped: progress.skipped + (delta.skipped ?? 0),
  };
}

/** The run after one advance, its state settled. */
export function advanced(run: Run, change: RunAdvance): Run {
  const counted: Run = {
    ...run,
    progress: sum(run.progress, change.progress ?? {}),
    checkpoint: change.checkpoint === undefined ? run.checkpoint : change.checkpoint,
    result: change.result === undefined ? run.result : change.result,
    pendingJobs: run.pendingJobs + (change.pendingJobs ?? 0),
    deadJobs: run.deadJobs + (change.deadJobs ?? 0),
    error: run.error ?? change.error ?? null,
    updatedAt: change.at,
    version: run.version + 1,
  };
  return settled(counted, change.at);
}

function settled(run: Run, at: Date): Run {
  const started: Run =
    run.state === 'queued' ? { ...run, state: 'running', startedAt: run.startedAt ?? at } : run;
  if (started.state !== 'running' || started.pendingJobs > 0) return started;
  return { ...started, state: started.deadJobs > 0 ? 'failed' : 'succeeded', finishedAt: at };
}
