/**
 * What the core needs of an `AbortSignal`. Every `AbortSignal` is a `CancellationSignal`;
 * the core cannot name the DOM type because it sees neither DOM nor Node.
 */
export interface CancellationSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
