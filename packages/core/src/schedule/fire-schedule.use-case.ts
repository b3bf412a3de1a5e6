import type { JobParts } from '../job/job-parts.js';
import type { AppContext } from '../platform/context.js';
import { isId } from '../platform/id-generator.port.js';
import type { TimerKey } from './scheduler.port.js';
import { StoredSchedules } from './tick-stored.js';
import type { TickCounts } from './tick-stored.js';

/** How far the clock of a scheduler may be ahead of ours. */
const CLOCK_SKEW_MS = 60_000;

/** What a timer sends along. */
export function timerInput({ tenantId, id: scheduleId }: TimerKey): {
  readonly timer: { readonly tenantId: string; readonly scheduleId: string };
} {
  return { timer: { tenantId, scheduleId } };
}

function timerOf(input: unknown): TimerKey | null {
  const { timer } = (input ?? {}) as { readonly timer?: unknown };
  const { tenantId, scheduleId: id } = (timer ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof tenantId !== 'string' || typeof id !== 'string') return null;
  return isId(tenantId) && isId(id) ? ({ tenantId, id } as unknown as TimerKey) : null;
}

/**
 * Starts the run of one stored schedule whose timer fired, in the same way as the tick: a time that was started, or is being started,
 * starts nothing again, however often a timer fires. Null when `input` is no timer's.
 */
export class FireSchedule {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: AppContext,
    { input, at }: { readonly input: unknown; readonly at: Date },
  ): Promise<Readonly<TickCounts> | null> {
    const only = timerOf(input);
    if (!only) return null;
    const counts: TickCounts = { started: 0, skipped: 0 };
    const ours = this.parts.platform.clock.now().getTime();
    const now = new Date(Math.max(ours, Math.min(at.getTime(), ours + CLOCK_SKEW_MS)));
    await new StoredSchedules(this.parts).tick(context, counts, { now, only });
    return counts;
  }
}
