import type { CancellationSignal } from '../platform/cancellation.js';
import type { Clock, Deadline } from '../platform/clock.port.js';
import { abortReason, onAbort } from '../platform/link-signals.js';

interface Waiter {
  readonly admit: () => void;
}

/** Requests may come this much ahead of their even pace, so that timers need not be exact. */
const BURST_MS = 100;

/**
 * The limits of one connection in one process: parallel requests, requests per second, and the pause that a rate limit asks for.
 * First come, first served; a pause holds everybody back, so that parallel calls do not all run into the same limit.
 */
export class ConnectionGate {
  #running = 0;
  #pausedUntilMs = 0;
  #nextSlotMs = 0;
  #timer: Deadline | null = null;
  readonly #waiting: Waiter[] = [];
  readonly #intervalMs: number;

  constructor(
    private readonly limits: {
      readonly concurrency: number;
      readonly requestsPerSecond: number | undefined;
    },
    private readonly clock: Clock,
  ) {
    this.#intervalMs = limits.requestsPerSecond ? 1000 / limits.requestsPerSecond : 0;
  }

  /** True when forgetting this gate changes nothing. */
  get idle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0 && this.#readyInMs() <= 0;
  }

  /** Holds back every request for `ms` from now. */
  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.clock.monotonicMs() + ms);
  }

  /**
   * Answers 0 when the request may go (then call {@link leave} after it), else after how many milliseconds to try again,
   * because the wait would be longer than `maxWaitMs`.
   * @throws the signal's reason.
   */
  enter(maxWaitMs: number, signal: CancellationSignal | undefined): number | Promise<number> {
    const readyInMs = this.#readyInMs();
    if (readyInMs > Math.max(maxWaitMs, 0)) return Math.ceil(readyInMs);
    if (this.#waiting.length === 0 && this.#running < this.limits.concurrency && readyInMs <= 0) {
      this.#take();
      return 0;
    }
    return this.#wait(maxWaitMs, signal);
  }

  leave(): void {
    this.#running -= 1;
    if (this.#waiting.length > 0) this.#pump();
  }

  #readyInMs(): number {
    const now = this.clock.monotonicMs();
    const slot = this.#intervalMs === 0 ? 0 : this.#nextSlotMs - now - BURST_MS;
    return Math.max(this.#pausedUntilMs - now, slot, 0);
  }

  #take(): void {
    this.#running += 1;
    if (this.#intervalMs === 0) return;
    this.#nextSlotMs = Math.max(this.#nextSlotMs, this.clock.monotonicMs()) + this.#intervalMs;
  }

  #wait(maxWaitMs: number, signal: CancellationSignal | undefined): Promise<number> {
    signal?.throwIfAborted();
    const deadline = this.clock.deadline(maxWaitMs, signal);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          deadline.dispose();
          deadline.signal.removeEventListener('abort', giveUp);
          resolve(0);
        },
      };
      const giveUp = (): void => {
        this.#remove(waiter);
        deadline.dispose();
        if (signal?.aborted) reject(abortReason(signal));
        else resolve(Math.max(1, Math.ceil(this.#readyInMs())));
      };
      this.#waiting.push(waiter);
      this.#pump();
      onAbort(deadline.signal, giveUp);
    });
  }

  #remove(waiter: Waiter): void {
    const index = this.#waiting.indexOf(waiter);
    if (index !== -1) this.#waiting.splice(index, 1);
    if (this.#waiting.length === 0) this.#stopTimer();
  }

  #pump(): void {
    this.#stopTimer();
    while (this.#waiting.length > 0 && this.#running < this.limits.concurrency) {
      const readyInMs = this.#readyInMs();
      if (readyInMs > 0) {
        this.#pumpIn(readyInMs);
        return;
      }
      this.#take();
      this.#waiting.shift()?.admit();
    }
  }

  #pumpIn(ms: number): void {
    const timer = this.clock.deadline(Math.ceil(ms));
    this.#timer = timer;
    onAbort(timer.signal, () => this.#pump());
  }

  #stopTimer(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }
}
