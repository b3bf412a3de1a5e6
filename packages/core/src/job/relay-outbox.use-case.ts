import type { AppContext } from '../platform/context.js';
import { relayJobs } from './relay-jobs.js';
import type { RelayParts } from './relay-jobs.js';

const DEFAULT_LIMIT = 200;

/**
 * Hands over jobs that were committed but not sent: their process died in between, the queue was away, or they had to wait longer
 * than a queue lets them. Safe to call from many processes at once.
 */
export class RelayOutbox {
  constructor(private readonly parts: RelayParts) {}

  async execute(
    context: AppContext,
    input: { readonly limit?: number },
  ): Promise<{ readonly relayed: number }> {
    const limit = input.limit ?? DEFAULT_LIMIT;
    return { relayed: await relayJobs(this.parts, limit, context.logger) };
  }
}
