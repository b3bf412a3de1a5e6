import { describe, expect, it } from '@jest/globals';
import { silentLogger, type Logger } from '@tenon/core';
import { lambdaContext } from '@tenon/testing';
import { createHandler } from './create-handler.js';
import type { Invocation } from './invocation.js';
import { jsonLinesLogger } from './json-lines.logger.js';

function recorder(): { readonly logger: Logger; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const logger = jsonLinesLogger({}, (line) =>
    lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  return { logger, lines };
}

describe('an invocation', () => {
  it('aborts the signal before the end, with a typed reason, and logs the notes', async () => {
    const { logger, lines } = recorder();
    const handler = createHandler({
      name: 'slow',
      logger,
      safetyMarginMs: 30_000,
      method: async (_event: unknown, invocation) => {
        invocation.debug('waiting');
        const { signal } = invocation;
        // The timer of the deadline alone must not keep a process alive; here something has to.
        const alive = setInterval(() => undefined, 1_000);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        clearInterval(alive);
        return { reason: signal.reason as unknown, left: invocation.remainingMs() };
      },
    });

    const result = await handler({}, lambdaContext({ timeoutMs: 30_050 }));

    expect(result?.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(result?.left).toBeGreaterThan(0);
    expect(lines).toMatchObject([
      { message: 'slow is out of time', debug: [{ message: 'waiting' }] },
    ]);
  });

  it('aborts at once when there is no time, and never after the invocation', async () => {
    let kept: Invocation | undefined;
    const handler = createHandler({
      name: 'x',
      safetyMarginMs: 0,
      logger: silentLogger,
      method: (_event: unknown, invocation) => {
        kept = invocation;
        return invocation.signal.aborted;
      },
    });

    expect(await handler({}, lambdaContext({ timeoutMs: 30 }))).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(kept?.signal.aborted).toBe(false);
  });

  it('keeps concurrent invocations apart', async () => {
    const handler = createHandler({
      name: 'x',
      logger: silentLogger,
      method: async (event: { wait: number }, invocation) => {
        invocation.debug(invocation.requestId);
        await new Promise((resolve) => setTimeout(resolve, event.wait));
        return { notes: invocation.notes, signal: invocation.signal };
      },
    });

    const [one, two] = await Promise.all([
      handler({ wait: 20 }, lambdaContext({ requestId: 'one' })),
      handler({ wait: 5 }, lambdaContext({ requestId: 'two' })),
    ]);

    expect(one?.notes).toEqual([{ message: 'one' }]);
    expect(two?.notes).toEqual([{ message: 'two' }]);
    expect(one?.signal).not.toBe(two?.signal);
  });
});
