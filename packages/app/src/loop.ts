import type { Clock, Logger } from '@tenon/core';

/** Something that is done again and again. */
export interface LoopOptions {
  readonly name: string;
  /** Pause between two rounds, in milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly work: () => Promise<unknown>;
}

/** Repeats work until it is stopped; failures are logged and do not end it. Answers how to stop, waiting for the last round. */
export function startLoop(options: LoopOptions): () => Promise<void> {
  const stopping = new AbortController();
  const round = async (): Promise<void> => {
    try {
      await options.work();
    } catch (error) {
      options.logger.error('A background task failed; it is repeated', {
        task: options.name,
        error,
      });
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await round();
      await options.clock.sleep(options.everyMs, stopping.signal).catch(() => undefined);
    }
  };
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };
}
