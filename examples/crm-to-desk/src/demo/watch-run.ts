import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from './app-process.js';
import { ProgressBar } from './progress-bar.js';
import type { Pace } from './progress-bar.js';
import type { RunDto, TenonApi } from './tenon-api.js';

const POLL_MS = 150;
const STALL_MS = 120_000;

/** How to watch a run. */
export interface Watch {
  readonly api: TenonApi;
  readonly runId: string;
  readonly label: string;
  /** The worker whose counts are shown; asked for at each look, because it may change. */
  readonly worker: () => AppProcess;
  /** Called at each look. */
  readonly onLook?: (run: RunDto) => Promise<void>;
}

function isFinished(run: RunDto): boolean {
  return run.state !== 'queued' && run.state !== 'running';
}

/** Draws the progress of a run until it ends. @throws Error when nothing moves for two minutes. */
export async function watchRun(watch: Watch): Promise<{ run: RunDto; pace: Pace }> {
  const bar = new ProgressBar(watch.label);
  let lastProcessed = -1;
  let lastMoveAt = performance.now();
  for (;;) {
    const run = await watch.api.get<RunDto>(`/api/runs/${watch.runId}`);
    if (isFinished(run)) return { run, pace: bar.finish(run, watch.worker().report) };
    bar.draw(run, watch.worker().report);
    if (run.progress.processed !== lastProcessed) {
      lastProcessed = run.progress.processed;
      lastMoveAt = performance.now();
    } else if (performance.now() - lastMoveAt > STALL_MS) {
      throw new Error(`The run ${run.id} has not moved for two minutes: ${JSON.stringify(run)}`);
    }
    await watch.onLook?.(run);
    await sleep(POLL_MS);
  }
}
