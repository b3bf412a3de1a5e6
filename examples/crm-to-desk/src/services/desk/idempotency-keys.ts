import { createHash } from 'node:crypto';

import { unprocessable } from '../http/service-error.js';
import type { ResultStatus } from './record-batch.js';

const LETTERS: Readonly<Record<ResultStatus, string>> = {
  created: 'c',
  updated: 'u',
  unchanged: 'n',
  rejected: 'r',
};
const STATUSES = new Map(
  Object.entries(LETTERS).map(([status, letter]) => [letter, status as ResultStatus]),
);

/**
 * Remembers what was answered under an `Idempotency-Key`. The newest keys are kept, each as a hash of
 * the body and one letter per record.
 */
export class IdempotencyKeys {
  readonly #answers = new Map<string, { hash: string; letters: string }>();
  readonly #kept: number;

  constructor(kept = 100_000) {
    this.#kept = kept;
  }

  /**
   * The statuses that were answered for this key, or undefined for a new key.
   * @throws ServiceError 422 when the key came with another body before.
   */
  recall(key: string, body: Buffer): ResultStatus[] | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    if (answer.hash !== hashOf(body)) {
      throw unprocessable(
        'idempotency_key_reused',
        'This Idempotency-Key was used with another body.',
      );
    }
    return Array.from(answer.letters, (letter) => STATUSES.get(letter) ?? 'rejected');
  }

  remember(key: string, body: Buffer, statuses: readonly ResultStatus[]): void {
    const letters = statuses.map((status) => LETTERS[status]).join('');
    this.#answers.set(key, { hash: hashOf(body), letters });
    if (this.#answers.size <= this.#kept) return;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64');
}
