import { rejectUnknownKeys } from '@tenon/core/kernel';
import { createHandler, type HandlerOptions, type LambdaHandler } from './create-handler.js';
import type { Invocation } from './invocation.js';

/** What this package reads of an EventBridge rule's event, or of what EventBridge Scheduler sends by default. */
export interface ScheduledEvent {
  readonly id?: string;
  /** ISO-8601, UTC, to the second. */
  readonly time?: string;
  readonly resources?: readonly string[];
  readonly detail?: unknown;
}

/** One beat of a schedule. */
export interface Tick {
  /** The same when the same beat is delivered again; the request id when the event has none. */
  readonly id: string;
  /** The moment the beat was due; now when the event does not say. */
  readonly at: Date;
  /** Name of the rule or schedule, or null. */
  readonly schedule: string | null;
  /** What the rule was told to send along; the whole event when it is no EventBridge envelope. */
  readonly input: unknown;
}

/** Options of {@link createScheduleHandler}. */
export interface ScheduleHandlerOptions<Result> extends Omit<
  HandlerOptions<ScheduledEvent, Result>,
  'name' | 'method' | 'userFacing'
> {
  /** Names the function in log lines. Default: `schedule`. */
  readonly name?: string;
  readonly tick: (tick: Tick, invocation: Invocation) => Result | Promise<Result>;
}

function dueAt(time: string | undefined): Date {
  const at = time === undefined ? new Date() : new Date(time);
  return Number.isNaN(at.getTime()) ? new Date() : at;
}

/** `arn:aws:events:…:rule/nightly` → `nightly`; `arn:aws:scheduler:…:schedule/group/nightly` → `group/nightly`. */
function scheduleName(resources: readonly string[] | undefined): string | null {
  const [arn] = resources ?? [];
  const name = arn?.slice(arn.indexOf('/') + 1);
  return name === undefined || name === '' ? null : name;
}

/** Translates a scheduled event; understands a schedule's own payload as well. */
export function toTick(event: ScheduledEvent, requestId: string): Tick {
  return {
    id: event.id ?? requestId,
    at: dueAt(event.time),
    schedule: scheduleName(event.resources),
    input: 'detail' in event ? event.detail : event,
  };
}

/**
 * A Lambda handler for EventBridge rules and EventBridge Scheduler. Errors are rethrown, so that Lambda repeats the
 * beat; a beat may come twice, with the same id.
 *
 * @example
 * export const handler = createScheduleHandler({ tick: ({ at }) => scheduler.runDue(at) });
 *
 * @throws MisconfiguredError for an unknown or a missing option.
 */
export function createScheduleHandler<Result>(
  options: ScheduleHandlerOptions<Result>,
): LambdaHandler<ScheduledEvent, Result | undefined> {
  rejectUnknownKeys('createScheduleHandler', options, [
    ...['name', 'tick', 'useDatabase', 'secrets', 'logger', 'safetyMarginMs'],
  ]);
  const { tick, name = 'schedule', ...rest } = options;
  return createHandler<ScheduledEvent, Result>({
    ...rest,
    name,
    method: (event, invocation) => tick(toTick(event, invocation.requestId), invocation),
  });
}
