import type { Logger } from '../platform/logger.port.js';
import type { TokenRepository } from './token-repository.port.js';
import type { Token, TokenId } from './token.js';

/** How exact `lastUsedAt` is. */
const RESOLUTION_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** Writes when tokens were last used: at most once a minute for each, and nobody waits for it. */
export class LastUse {
  readonly #notedAt = new Map<TokenId, number>();

  constructor(private readonly tokens: TokenRepository) {}

  note(token: Token, now: Date, logger: Logger): void {
    const nowMs = now.getTime();
    const known = Math.max(token.lastUsedAt?.getTime() ?? 0, this.#notedAt.get(token.id) ?? 0);
    if (nowMs - known < RESOLUTION_MS) return;
    // Calls that come before the write is done must not write again.
    if (this.#notedAt.size >= MAX_REMEMBERED) this.#notedAt.clear();
    this.#notedAt.set(token.id, nowMs);
    this.tokens.touch(token.id, now).catch((error: unknown) => {
      logger.warn('The last use of a token could not be written', { tokenId: token.id, error });
    });
  }
}
