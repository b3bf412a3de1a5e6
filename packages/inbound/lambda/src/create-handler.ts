import type { Logger } from '@tenon/core';
import { validateOptions } from '@tenon/core/kernel';
import { errorResult } from './error-result.js';
import { summariseEvent } from './event-summary.js';
import type { HttpResult } from './http-event.js';
import { Invocation, type InvocationSettings, type SecretValues } from './invocation.js';
import { jsonLinesLogger } from './json-lines.logger.js';
import type { LambdaContext } from './lambda-context.js';
import { isHaltError } from './lambda.errors.js';
import { Preparation, type Preparable } from './preparation.js';

/**
 * A function as the Lambda runtime calls it. It declares two parameters: the Node.js 24 runtime refuses three.
 */
export type LambdaHandler<Event, Result> = (
  event: Event,
  context: LambdaContext,
) => Promise<Result>;

/** Options of {@link createHandler}. */
export interface HandlerOptions<Event, Result> {
  /** Names the function in log lines. */
  readonly name: string;
  /** The work itself. */
  readonly method: (event: Event, invocation: Invocation) => Result | Promise<Result>;
  /**
   * True when a person or a program waits for the result over HTTP: errors become problem details that show nothing of
   * the inside. False (default) when a queue, a schedule or another function waits: errors are rethrown to it.
   */
  readonly userFacing?: boolean;
  /** Awaited once before the first invocation, after the secrets: for example a persistence that connects. */
  readonly useDatabase?: Preparable;
  /** Called once before the first invocation; its values are `invocation.secrets`. A failure is tried again next time. */
  readonly secrets?: () => Promise<SecretValues>;
  /** Default: JSON lines on standard error. */
  readonly logger?: Logger;
  /** How long before the end of Lambda's time `invocation.signal` aborts, in milliseconds. Default: 500. */
  readonly safetyMarginMs?: number;
}

type Settings<Event, Result> = HandlerOptions<Event, Result> & {
  readonly logger: Logger;
  readonly userFacing: boolean;
  readonly safetyMarginMs: number;
};

function settle<Event, Result>(options: HandlerOptions<Event, Result>): Settings<Event, Result> {
  return validateOptions<Settings<Event, Result>>('createHandler', options, {
    required: ['name', 'method'],
    optional: ['useDatabase', 'secrets'],
    defaults: {
      userFacing: false,
      safetyMarginMs: 500,
      logger: jsonLinesLogger({ handler: options.name }),
    },
  });
}

/** Logs what is known of a failed invocation and answers, or throws, what its caller should get. */
function failure<Event, Result>(
  settings: Settings<Event, Result>,
  invocation: Invocation,
  failed: { readonly event: Event; readonly error: unknown },
): HttpResult | undefined {
  const { event, error } = failed;
  const halted = !settings.userFacing && isHaltError(error);
  settings.logger.error(halted ? `${settings.name} halted` : `${settings.name} failed`, {
    requestId: invocation.requestId,
    event: summariseEvent(event),
    error,
    debug: invocation.notes,
  });
  if (settings.userFacing) return errorResult(error, event, invocation.requestId);
  if (halted) return undefined;
  throw error;
}

function deadlineLogger(settings: { readonly name: string; readonly logger: Logger }) {
  return (invocation: Invocation): void => {
    settings.logger.error(`${settings.name} is out of time`, {
      requestId: invocation.requestId,
      debug: invocation.notes,
    });
  };
}

/**
 * Wraps `method` as a Lambda handler: secrets and database made ready once, a deadline signal, notes that are logged
 * only when something fails, and errors that fit the caller. On the way of a successful invocation nothing is
 * formatted, copied or logged. State belongs to the invocation, so a runtime may run several at a time.
 *
 * An error with a true `halt` property ({@link HaltError}) is logged and ends the invocation as if it had succeeded:
 * asynchronous callers would only repeat what cannot succeed.
 *
 * @example
 * export const handler = createHandler({
 *   name: 'nightly',
 *   secrets: awsSecrets({ secretId: 'app/production' }),
 *   method: async (event, invocation) => sweep(event, invocation.signal),
 * });
 *
 * @throws MisconfiguredError for an unknown or a missing option.
 */
export function createHandler<Event, Result>(
  options: HandlerOptions<Event, Result> & { readonly userFacing: true },
): LambdaHandler<Event, Result | HttpResult>;
export function createHandler<Event, Result>(
  options: HandlerOptions<Event, Result>,
): LambdaHandler<Event, Result | undefined>;
export function createHandler<Event, Result>(
  options: HandlerOptions<Event, Result>,
): LambdaHandler<Event, Result | HttpResult | undefined> {
  const settings = settle(options);
  const { method } = settings;
  const preparation = new Preparation({
    secrets: settings.secrets,
    useDatabase: settings.useDatabase,
  });
  const shared: InvocationSettings = {
    get secrets() {
      return preparation.secrets;
    },
    safetyMarginMs: settings.safetyMarginMs,
    onDeadline: deadlineLogger(settings),
  };
  return async (event, context) => {
    // Up to the Node.js 22 runtime an open database pool would hold the answer back until the time-out.
    if (context.callbackWaitsForEmptyEventLoop === true) {
      context.callbackWaitsForEmptyEventLoop = false;
    }
    const invocation = new Invocation(context, shared);
    try {
      if (!preparation.done) await preparation.run();
      return await method(event, invocation);
    } catch (error) {
      return failure(settings, invocation, { event, error });
    } finally {
      invocation.end();
    }
  };
}
