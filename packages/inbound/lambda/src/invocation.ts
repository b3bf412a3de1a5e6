import type { LogFields } from '@tenon/core';
import { DeadlineExceededError } from '@tenon/core/kernel';
import type { LambdaContext } from './lambda-context.js';

/** Secret values by name, as a loader answers them. */
export type SecretValues = Readonly<Record<string, string>>;

/** One thing a handler noted on its way; printed only when the invocation fails. */
export interface DebugNote {
  readonly message: string;
  readonly fields?: LogFields;
}

/** What an invocation shares with the handler that runs it. */
export interface InvocationSettings {
  readonly secrets: SecretValues;
  /** How long before the runtime is killed the signal aborts, in milliseconds. */
  readonly safetyMarginMs: number;
  readonly onDeadline: (invocation: Invocation) => void;
}

/** One invocation of a Lambda function. Everything it makes, it makes when it is asked. */
export class Invocation {
  readonly context: LambdaContext;
  readonly #settings: InvocationSettings;
  #notes: DebugNote[] | undefined;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: LambdaContext, settings: InvocationSettings) {
    this.context = context;
    this.#settings = settings;
  }

  /** The id that Lambda gave the invocation. */
  get requestId(): string {
    return this.context.awsRequestId;
  }

  /** What the `secrets` option of the handler loaded; empty without one. */
  get secrets(): SecretValues {
    return this.#settings.secrets;
  }

  /** What was noted so far, oldest first. */
  get notes(): readonly DebugNote[] {
    return this.#notes ?? [];
  }

  /** Milliseconds until Lambda kills the runtime. */
  remainingMs(): number {
    return this.context.getRemainingTimeInMillis();
  }

  /**
   * Remembers a step. Nothing is copied or formatted; the notes are logged when the invocation fails, runs into its
   * deadline or halts, and forgotten otherwise.
   */
  debug(message: string, fields?: LogFields): void {
    (this.#notes ??= []).push(fields === undefined ? { message } : { message, fields });
  }

  /**
   * Aborts with a `DEADLINE_EXCEEDED` error shortly before Lambda kills the runtime. The clock starts with the first
   * reading, and work that never reads it pays for no timer.
   */
  get signal(): AbortSignal {
    return (this.#controller ?? this.#startDeadline()).signal;
  }

  /** Stops the timer. The handler calls it when the invocation is over. */
  end(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
  }

  #startDeadline(): AbortController {
    const controller = new AbortController();
    this.#controller = controller;
    const ms = Math.max(0, this.remainingMs() - this.#settings.safetyMarginMs);
    this.#timer = setTimeout(() => {
      controller.abort(new DeadlineExceededError(ms));
      this.#settings.onDeadline(this);
    }, ms);
    this.#timer.unref();
    return controller;
  }
}
