import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from './attempt.js';

const REQUEST_MS = 15_000;
const SHOWN = 300;

/** What the last request said. */
async function ask(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]);
    const response = await fetch(url, { signal: limited, redirect: 'manual' });
    const text = await response.text();
    return response.ok ? null : `${response.status} ${text.slice(0, SHOWN)}`.trim();
  } catch (error) {
    signal.throwIfAborted();
    const { message, cause } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  }
}

/** How a stack's API is. */
export interface Health {
  readonly url: string;
  /** What it last said when it is not ready; null when it is. */
  readonly problem: string | null;
}

/** Asks `/health/ready` until it is well, or until the time is over. */
export async function checkHealth(
  attempt: Attempt,
  apiUrl: string,
  withinMs: number,
): Promise<Health> {
  const url = `${apiUrl.replace(/\/+$/, '')}/health/ready`;
  const { signal, pollMs } = attempt;
  const until = Date.now() + withinMs;
  let told: string | null = null;
  for (;;) {
    const problem = await ask(url, signal);
    if (problem === null || Date.now() >= until) return { url, problem };
    if (problem !== told) attempt.tell(`not ready yet: ${problem}`);
    told = problem;
    await sleep(pollMs, undefined, { signal });
  }
}
