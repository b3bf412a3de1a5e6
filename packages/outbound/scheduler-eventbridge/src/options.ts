import { MisconfiguredError, validateOptions } from '@tenon/core';
import type { SchedulerClientSettings, SchedulerLike } from './scheduler-like.js';

/** Options of `createEventBridgeScheduler`. */
export interface EventBridgeSchedulerOptions extends SchedulerClientSettings {
  /** The schedule group of this app alone: what is in it and belongs to no schedule is removed. */
  readonly groupName: string;
  /** ARN of the function that `createScheduleHandler` made. */
  readonly targetArn: string;
  /** ARN of the role that lets EventBridge Scheduler call it. */
  readonly roleArn: string;
  /** ARN of a queue for calls that failed for good. */
  readonly deadLetterArn?: string;
  /** How often a call is repeated. Default: 5. */
  readonly maxRetries?: number;
  /** For how long a call is repeated, in milliseconds. Default: 15 minutes. */
  readonly maxEventAgeMs?: number;
  /** A client of your own. */
  readonly client?: SchedulerLike;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
}

/** Options with all defaults filled in. */
export type ValidSchedulerOptions = EventBridgeSchedulerOptions &
  Required<Pick<EventBridgeSchedulerOptions, 'maxRetries' | 'maxEventAgeMs' | 'now'>>;

const DEFAULTS = { maxRetries: 5, maxEventAgeMs: 900_000, now: () => new Date() };

const BOUNDS = { maxRetries: [0, 185], maxEventAgeMs: [60_000, 86_400_000] } as const;

const SHAPES = {
  groupName: [/^[\w.-]{1,64}$/, 'the name of a schedule group'],
  targetArn: [
    /^arn:[a-z0-9-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
    'the ARN of a function',
  ],
  roleArn: [/^arn:[a-z0-9-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'the ARN of a role'],
  deadLetterArn: [
    /^arn:[a-z0-9-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    'the ARN of a standard queue',
  ],
} as const;

/** @throws MisconfiguredError naming the option that is unknown, missing or wrong. */
export function validSchedulerOptions(options: EventBridgeSchedulerOptions): ValidSchedulerOptions {
  const what = 'createEventBridgeScheduler';
  const valid = validateOptions<EventBridgeSchedulerOptions>(what, options, {
    required: ['groupName', 'targetArn', 'roleArn'],
    defaults: DEFAULTS,
    optional: ['deadLetterArn', 'client', 'region', 'endpoint'],
  }) as ValidSchedulerOptions;
  for (const [option, [shape, kind]] of Object.entries(SHAPES)) {
    const value = valid[option as keyof typeof SHAPES];
    if (value === undefined || shape.test(value)) continue;
    throw new MisconfiguredError(
      `${what}: '${option}' must be ${kind}, not '${value.slice(0, 200)}'`,
    );
  }
  for (const [option, [min, max]] of Object.entries(BOUNDS)) {
    const value = valid[option as keyof typeof BOUNDS];
    if (Number.isInteger(value) && value >= min && value <= max) continue;
    throw new MisconfiguredError(`${what}: '${option}' is a whole number from ${min} to ${max}`);
  }
  return valid;
}
