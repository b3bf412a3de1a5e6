import { TenonError } from '../platform/tenon.error.js';
import type { Run, RunId } from './run.js';

/** `RUN_CANCELLED`: somebody cancelled the run; its jobs are kept until it is resumed. */
export function runCancelled(runId: RunId): TenonError {
  return new TenonError({
    code: 'RUN_CANCELLED',
    category: 'precondition',
    message: `The run '${runId}' was cancelled; its jobs go on when it is resumed`,
    details: { runId },
  });
}

/** `RUN_NOT_RESUMABLE`: only failed and cancelled runs go on. */
export function runNotResumable(run: Run): TenonError {
  return new TenonError({
    code: 'RUN_NOT_RESUMABLE',
    category: 'conflict',
    message: `The run '${run.id}' is ${run.state}; only failed and cancelled runs can be resumed`,
    details: { runId: run.id, state: run.state },
  });
}

/** `RUN_FINISHED`: there is nothing left to cancel. */
export function runFinished(run: Run): TenonError {
  return new TenonError({
    code: 'RUN_FINISHED',
    category: 'conflict',
    message: `The run '${run.id}' ended as ${run.state} before it could be cancelled`,
    details: { runId: run.id, state: run.state },
  });
}

/** `CHECKPOINT_TOO_LARGE`: a checkpoint is a position, not a store. */
export function checkpointTooLarge(what: string, bytes: number, limit: number): TenonError {
  return new TenonError({
    code: 'CHECKPOINT_TOO_LARGE',
    category: 'too_large',
    message: `The run's ${what} has ${bytes} bytes of JSON; at most ${limit} are kept. Keep a cursor there and the data in mappings`,
    details: { bytes, limit },
  });
}
