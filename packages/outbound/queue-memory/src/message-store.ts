import type { CancellationSignal, OutgoingMessage, ReceivedMessage } from '@tenon/core';

interface Entry {
  readonly id: string;
  readonly message: OutgoingMessage;
  visibleAt: number;
  receipt: string | null;
  receiveCount: number;
}

interface Taking {
  readonly max: number;
  readonly now: number;
  readonly hiddenUntil: number;
  readonly newReceipt: () => string;
}

const DEDUPLICATION_MS = 5 * 60 * 1000;

/** The messages of one queue, in the order of sending. */
export class MessageStore {
  readonly #entries = new Map<string, Entry>();
  /** Delayed or in flight, and what was so a moment ago: looked at instead of all entries. */
  readonly #hidden = new Set<Entry>();
  readonly #byReceipt = new Map<string, Entry>();
  readonly #deduplication = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  constructor(private readonly fifo: boolean) {}

  add(id: string, message: OutgoingMessage, now: number): void {
    if (this.fifo && message.deduplicationId !== undefined) {
      this.#forgetDeduplication(now);
      if (this.#deduplication.has(message.deduplicationId)) return;
      this.#deduplication.set(message.deduplicationId, now + DEDUPLICATION_MS);
    }
    const visibleAt = now + (message.delayMs ?? 0);
    const entry = { id, message, visibleAt, receipt: null, receiveCount: 0 };
    this.#entries.set(id, entry);
    if (visibleAt > now) this.#hidden.add(entry);
    this.wake();
  }

  take({ max, now, hiddenUntil, newReceipt }: Taking): ReceivedMessage[] {
    const found: ReceivedMessage[] = [];
    const blocked = this.#blockedGroups(now);
    for (const entry of this.#entries.values()) {
      if (found.length === max) break;
      const group = this.fifo ? (entry.message.groupId ?? '') : null;
      if (group !== null && blocked.has(group)) continue;
      if (entry.visibleAt > now) continue;
      found.push(this.#receive(entry, hiddenUntil, newReceipt()));
    }
    return found;
  }

  remove(receipt: string): void {
    const entry = this.#byReceipt.get(receipt);
    if (!entry) return;
    this.#byReceipt.delete(receipt);
    this.#entries.delete(entry.id);
    this.#hidden.delete(entry);
    this.wake();
  }

  hide(receipt: string, until: number): void {
    const entry = this.#byReceipt.get(receipt);
    if (!entry) return;
    entry.visibleAt = until;
    this.#hidden.add(entry);
    this.wake();
  }

  count(now: number): { waiting: number; inFlight: number; delayed: number } {
    const counts = { waiting: 0, inFlight: 0, delayed: 0 };
    for (const entry of this.#entries.values()) {
      if (entry.visibleAt <= now) counts.waiting += 1;
      else if (entry.receiveCount > 0) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** When the next hidden message shows, or null when none is hidden. */
  nextVisibleAt(now: number): number | null {
    let next: number | null = null;
    for (const entry of this.#hiddenAt(now)) {
      if (next === null || entry.visibleAt < next) next = entry.visibleAt;
    }
    return next;
  }

  /** Resolves at the next change or when the signal aborts. */
  changed(signal: CancellationSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  /** Groups with a message in flight: nothing else of them is received until it is deleted or shows again. */
  #blockedGroups(now: number): Set<string> {
    const blocked = new Set<string>();
    if (!this.fifo) return blocked;
    for (const entry of this.#hiddenAt(now)) blocked.add(entry.message.groupId ?? '');
    return blocked;
  }

  *#hiddenAt(now: number): Generator<Entry> {
    for (const entry of this.#hidden) {
      if (entry.visibleAt > now) yield entry;
      else this.#hidden.delete(entry);
    }
  }

  #receive(entry: Entry, hiddenUntil: number, receipt: string): ReceivedMessage {
    if (entry.receipt !== null) this.#byReceipt.delete(entry.receipt);
    entry.receipt = receipt;
    entry.visibleAt = hiddenUntil;
    entry.receiveCount += 1;
    this.#hidden.add(entry);
    this.#byReceipt.set(receipt, entry);
    return {
      id: entry.id,
      receipt,
      body: entry.message.body,
      ...(entry.message.groupId !== undefined && { groupId: entry.message.groupId }),
      receiveCount: entry.receiveCount,
      attributes: entry.message.attributes ?? {},
    };
  }

  #forgetDeduplication(now: number): void {
    for (const [id, until] of this.#deduplication) {
      if (until > now) break;
      this.#deduplication.delete(id);
    }
  }
}
