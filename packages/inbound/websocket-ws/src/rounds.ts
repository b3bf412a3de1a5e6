import type { Clock, Logger } from '@tenon/core';

/** Repeats work, with a pause before each time, until it is stopped; what fails is logged. Answers how to stop. */
export function startRounds(
  parts: { readonly clock: Clock; readonly logger: Logger },
  everyMs: number,
  work: () => Promise<void>,
): () => Promise<void> {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    for (;;) {
      await parts.clock.sleep(everyMs, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        parts.logger.error('A round over websocket connections failed; it is repeated', { error });
      }
    }
  };
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };
}
