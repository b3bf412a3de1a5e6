import { setTimeout as wait } from 'node:timers/promises';
import { hasCode, MAX_PAGE_LIMIT } from '@tenon/core';
import type { Commands, DeadLetter, DeadLetterId } from '@tenon/core';
import type { Io } from '../io.js';
import { StatusLine } from '../text/status-line.js';
import type { OpenTenant } from './with-tenant.js';

type Filter = Omit<Parameters<Commands['deadLetters']['list']>[1], 'limit' | 'cursor'>;

/** What became of many dead letters. */
export interface RedriveOutcome {
  readonly redriven: number;
  readonly failed: number;
  /** Somebody asked to stop: the rest is untouched. */
  readonly stopped: boolean;
}

const SECOND_MS = 1_000;

async function* everyLetter(
  { commands, context }: OpenTenant,
  filter: Filter,
): AsyncGenerator<DeadLetter> {
  let cursor: string | null = null;
  do {
    const from = cursor === null ? {} : { cursor };
    const page = await commands.deadLetters.list(context, {
      ...filter,
      ...from,
      limit: MAX_PAGE_LIMIT,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/**
 * Redrives what is dead when it begins, at most `perSecond` in a second. Letters that die again meanwhile are not taken twice. Stops between two when somebody asks to.
 */
export async function redriveAll(
  io: Io,
  tenant: OpenTenant,
  { filter, perSecond }: { readonly filter: Filter; readonly perSecond: number },
): Promise<RedriveOutcome> {
  const counts = { redriven: 0, failed: 0, stopped: false };
  const line = new StatusLine(io);
  let done = 0;
  const stop = new AbortController();
  const release = io.onStopRequest(() => {
    stop.abort();
  });
  try {
    const ids: DeadLetterId[] = [];
    for await (const { id } of everyLetter(tenant, filter)) ids.push(id);
    for (const id of ids) {
      if (stop.signal.aborted) break;
      try {
        await tenant.commands.deadLetters.redrive(tenant.context, { deadLetterId: id });
        counts.redriven += 1;
      } catch (error) {
        // Somebody else was faster: the letter is on its queue again, or given up.
        if (!hasCode(error, 'DEAD_LETTER_NOT_FOUND')) {
          counts.failed += 1;
          const message = error instanceof Error ? error.message : String(error);
          line.say(`${id}: ${message}`);
        }
      }
      done += 1;
      line.tell(`${done} of ${ids.length} redriven`, done / ids.length);
      await wait(SECOND_MS / perSecond, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    release();
    line.end();
  }
  return { ...counts, stopped: stop.signal.aborted };
}
