import { randomUUID } from 'node:crypto';
import { AwsFault } from './aws-fault.js';
import type { OperationInput } from './operation.js';
import { text } from './operation.js';
import { expressionTimes } from './schedule-expression.js';
import type { ExpressionTimes } from './schedule-expression.js';

interface Kept {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly input: OperationInput;
  readonly times: ExpressionTimes;
  /** Its `at` is looked for at every second. */
  readonly token: string | null;
}

/** A call of a target, with its placeholders filled in. */
export interface FakeSchedulerCall {
  readonly name: string;
  readonly at: Date;
  readonly input: string;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;

/** EventBridge Scheduler in memory: schedules in groups, and a clock that is moved by hand. */
export class FakeScheduler {
  readonly #kept = new Map<string, Kept>();

  constructor(
    readonly groups: ReadonlySet<string>,
    private now: Date,
  ) {}

  get names(): readonly string[] {
    return [...this.#kept.values()].map(({ name }) => name);
  }

  create(name: string, input: OperationInput): object {
    const group = this.#group(input['GroupName']);
    if (!NAME.test(name)) throw new AwsFault('ValidationException', `Invalid name ${name}`);
    const key = `${group}/${name}`;
    const token = typeof input['ClientToken'] === 'string' ? input['ClientToken'] : null;
    const known = this.#kept.get(key);
    if (known && (token === null || known.token !== token))
      throw new AwsFault('ConflictException', `Schedule ${name} already exists.`, 409);
    const arn = `arn:aws:scheduler:us-east-1:000000000000:schedule/${key}`;
    if (known) return { ScheduleArn: arn };
    const target = input['Target'] as OperationInput;
    for (const needed of ['Arn', 'RoleArn', 'Input']) text(target, needed);
    const start = input['StartDate'];
    const times = expressionTimes(text(input, 'ScheduleExpression'), {
      timeZone:
        typeof input['ScheduleExpressionTimezone'] === 'string'
          ? input['ScheduleExpressionTimezone']
          : 'UTC',
      start: typeof start === 'number' ? new Date(start * SECOND_MS) : this.now,
    });
    this.#kept.set(key, { name, group, arn, input, times, token });
    return { ScheduleArn: arn };
  }

  delete(name: string, group: unknown): object {
    const key = `${this.#group(group)}/${name}`;
    if (this.#kept.delete(key)) return {};
    throw new AwsFault('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  }

  list(query: URLSearchParams): object {
    const group = this.#group(query.get('ScheduleGroup') ?? undefined);
    const prefix = query.get('NamePrefix') ?? '';
    const names = this.#namesOf(group).filter((name) => name.startsWith(prefix));
    const max = Number(query.get('MaxResults') ?? '100');
    const from = Number(query.get('NextToken') ?? '0');
    const next = from + max;
    return {
      Schedules: names.slice(from, next).map((Name) => ({ Name, GroupName: group })),
      ...(next < names.length && { NextToken: String(next) }),
    };
  }

  /** Moves the clock, and answers the calls that are made on the way. */
  advanceTo(end: Date): FakeSchedulerCall[] {
    const calls: FakeSchedulerCall[] = [];
    let at = this.now.getTime() + 1;
    at = Math.ceil(at / SECOND_MS) * SECOND_MS;
    for (; at <= end.getTime(); at += SECOND_MS) {
      for (const [key, kept] of this.#kept) {
        if (!kept.times.once && at % MINUTE_MS !== 0) continue;
        const moment = new Date(at);
        if (!kept.times.matches(moment)) continue;
        calls.push(callOf(kept, moment));
        if (kept.times.once && kept.input['ActionAfterCompletion'] === 'DELETE')
          this.#kept.delete(key);
      }
    }
    this.now = end;
    return calls;
  }

  #namesOf(group: string): string[] {
    return [...this.#kept.values()]
      .filter((kept) => kept.group === group)
      .map(({ name }) => name)
      .sort();
  }

  #group(name: unknown): string {
    if (typeof name === 'string' && this.groups.has(name)) return name;
    throw new AwsFault(
      'ResourceNotFoundException',
      `Schedule group ${String(name)} does not exist.`,
      404,
    );
  }
}

function callOf({ name, arn, input }: Kept, at: Date): FakeSchedulerCall {
  const written = text(input['Target'] as OperationInput, 'Input')
    .replace('<aws.scheduler.execution-id>', randomUUID())
    .replace('<aws.scheduler.scheduled-time>', `${at.toISOString().slice(0, 19)}Z`)
    .replace('<aws.scheduler.schedule-arn>', arn);
  return { name, at, input: written };
}
