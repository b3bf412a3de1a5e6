import { MisconfiguredError, timerInput } from '@tenon/core';
import type { KeptTimer, Schedule, Scheduler, TimerKey, TimerPage, TimerPlan } from '@tenon/core';
import { translate } from './expression.js';
import type { Expression } from './expression.js';
import type { ValidSchedulerOptions } from './options.js';
import type { NewSchedule, SchedulerLike } from './scheduler-like.js';
import { isGone, isThere, toSchedulerError } from './scheduler.errors.js';
import { fingerprintOf, namePrefix, parseTimerName, timerName } from './timer-name.js';

const PAGE = 100;
const SECOND_MS = 1_000;

/** A plan with what is needed to carry it out. */
interface Planned {
  readonly expression: Expression;
  readonly timer: KeptTimer;
}

async function loadClient({ region, endpoint }: ValidSchedulerOptions): Promise<SchedulerLike> {
  const settings = {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  };
  try {
    return (await import('./scheduler-sdk.js')).createSchedulerClient(settings);
  } catch (cause) {
    const error = new MisconfiguredError(
      'EventBridge Scheduler needs a package: npm install @aws-sdk/client-scheduler',
    );
    error.cause = cause;
    throw error;
  }
}

/** The first time from now on that lies on the phase of `rate(…)`. */
function startOf({ phase }: Expression, everyMs: number | null, now: Date): Date | null {
  if (phase === null || everyMs === null) return null;
  if (phase > now) return phase;
  const passed = Math.floor((now.getTime() - phase.getTime()) / everyMs) + 1;
  return new Date(phase.getTime() + passed * everyMs);
}

/**
 * Timers are schedules of one group. A timer's name says what it was made from, so that one that is to be another gets another name:
 * whoever lists the names knows what is missing, outdated or orphaned.
 */
export class EventBridgeScheduler implements Scheduler {
  readonly #options: ValidSchedulerOptions;
  #client: Promise<SchedulerLike> | null = null;

  constructor(options: ValidSchedulerOptions) {
    this.#options = options;
  }

  plan(schedule: Schedule): TimerPlan {
    const planned = this.#planned(schedule);
    if ('refusal' in planned) return { kept: false, reason: planned.refusal };
    return { kept: true, fingerprint: planned.timer.fingerprint };
  }

  async ensure(schedule: Schedule): Promise<TimerPlan> {
    const planned = this.#planned(schedule);
    const keep = 'refusal' in planned ? null : timerName(planned.timer);
    if (!('refusal' in planned)) await this.#create(schedule, planned);
    await this.#removeAll(schedule, keep);
    return this.plan(schedule);
  }

  async remove(timer: TimerKey): Promise<void> {
    await this.#removeAll(timer, null);
  }

  async list(after: string | null): Promise<TimerPage> {
    const GroupName = this.#options.groupName;
    const page = await this.#call((client) =>
      client.listSchedules({
        GroupName,
        MaxResults: PAGE,
        ...(after !== null && { NextToken: after }),
      }),
    );
    const timers = (page.Schedules ?? []).map(({ Name = '' }) => parseTimerName(Name));
    return { timers: timers.filter((timer) => timer !== null), next: page.NextToken ?? null };
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    client?.destroy?.();
  }

  #planned(schedule: Schedule): Planned | { readonly refusal: string } {
    const { targetArn, roleArn, deadLetterArn, maxRetries, maxEventAgeMs, now } = this.#options;
    const translation = translate(schedule, now());
    if ('refusal' in translation) return translation;
    const { expression } = translation;
    const { text, timeZone, phase } = expression;
    const made = [text, timeZone, phase, targetArn, roleArn, deadLetterArn ?? null];
    const fingerprint = fingerprintOf([...made, maxRetries, maxEventAgeMs]);
    const { tenantId, id } = schedule;
    return { expression, timer: { tenantId, id, fingerprint } };
  }

  async #create(schedule: Schedule, { expression, timer }: Planned): Promise<void> {
    const { now, groupName } = this.#options;
    const start = startOf(expression, schedule.everyMs, now());
    const name = timerName(timer);
    const input: NewSchedule = {
      Name: name,
      GroupName: groupName,
      ScheduleExpression: expression.text,
      ScheduleExpressionTimezone: expression.timeZone,
      ...(start && { StartDate: start }),
      ActionAfterCompletion: expression.once ? 'DELETE' : 'NONE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      // The name says what it is made of: a repeated call asks for the same.
      ClientToken: name,
      Description: `Schedule ${schedule.id}`,
      Target: this.#target(schedule),
    };
    await this.#call(async (client) => {
      try {
        await client.createSchedule(input);
      } catch (error) {
        if (!isThere(error)) throw error;
      }
    });
  }

  #target(schedule: Schedule): NewSchedule['Target'] {
    const { targetArn, roleArn, deadLetterArn, maxRetries, maxEventAgeMs } = this.#options;
    return {
      Arn: targetArn,
      RoleArn: roleArn,
      Input: JSON.stringify({
        id: '<aws.scheduler.execution-id>',
        time: '<aws.scheduler.scheduled-time>',
        resources: ['<aws.scheduler.schedule-arn>'],
        detail: timerInput(schedule),
      }),
      ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
      RetryPolicy: {
        MaximumRetryAttempts: maxRetries,
        MaximumEventAgeInSeconds: Math.floor(maxEventAgeMs / SECOND_MS),
      },
    };
  }

  async #removeAll(timer: TimerKey, keep: string | null): Promise<void> {
    const GroupName = this.#options.groupName;
    const page = await this.#call((client) =>
      client.listSchedules({ GroupName, NamePrefix: namePrefix(timer), MaxResults: PAGE }),
    );
    for (const { Name } of page.Schedules ?? []) {
      if (Name === undefined || Name === keep) continue;
      await this.#call((client) =>
        client.deleteSchedule({ Name, GroupName }).catch((error: unknown) => {
          if (!isGone(error)) throw error;
        }),
      );
    }
  }

  async #call<T>(work: (client: SchedulerLike) => Promise<T>): Promise<T> {
    try {
      const { client } = this.#options;
      this.#client ??= client ? Promise.resolve(client) : loadClient(this.#options);
      return await work(await this.#client);
    } catch (error) {
      throw toSchedulerError(error);
    }
  }
}
