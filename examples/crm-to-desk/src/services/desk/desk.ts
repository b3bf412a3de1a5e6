import { setTimeout as sleep } from 'node:timers/promises';

import { memoryReport } from '../http/memory-report.js';
import { parseObject } from '../http/request-body.js';
import type { DeskSettings } from './desk-options.js';
import type { DeskReport } from './desk-statistics.js';
import { emptyDeskStatistics } from './desk-statistics.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { OutagePlan } from './outage-plan.js';
import type { RecordResult } from './record-batch.js';
import { applyBatch, readBatch, repeatResults } from './record-batch.js';
import { RecordStore } from './record-store.js';

/** What a batch was answered; `replayed` when nothing was written for it this time. */
export interface BatchAnswer {
  readonly results: RecordResult[];
  readonly replayed: boolean;
}

/** The desk itself: its records, the keys of past batches, and its outages. */
export class Desk {
  readonly outages: OutagePlan;
  store = new RecordStore();
  statistics = emptyDeskStatistics();
  #keys = new IdempotencyKeys();
  readonly #rejected = new Set<string>();

  constructor(settings: DeskSettings) {
    const { outageRate: rate, outageSeed, retryAfterSeconds, latencyMs } = settings;
    const noneNext = { failNextBefore: 0, failNextAfter: 0 };
    this.outages = new OutagePlan({ rate, retryAfterSeconds, latencyMs, ...noneNext }, outageSeed);
  }

  /**
   * Takes a batch, unless an outage comes before it or hides its answer.
   * @throws ServiceError 400 or 422 for a bad batch, 503 in an outage.
   */
  async takeBatch(body: Buffer, key: string | undefined): Promise<BatchAnswer> {
    if (this.outages.settings.latencyMs > 0) await sleep(this.outages.settings.latencyMs);
    const outage = this.outages.next();
    if (outage === 'before') {
      this.statistics.outages.before += 1;
      throw this.outages.refusal();
    }
    const answer = this.#answer(body, key);
    if (outage === 'after') {
      this.statistics.outages.after += 1;
      throw this.outages.refusal();
    }
    return answer;
  }

  /** Forgets records, keys and counts. */
  reset(): void {
    this.store = new RecordStore();
    this.statistics = emptyDeskStatistics();
    this.#keys = new IdempotencyKeys();
    this.#rejected.clear();
  }

  report(): DeskReport {
    const writesHistogram = this.store.writesHistogram();
    return {
      ...this.statistics,
      stored: this.store.count,
      distinctRejected: this.#rejected.size,
      writesHistogram,
      changedMoreThanOnce: this.store.count - (writesHistogram['1'] ?? 0),
      outageSettings: this.outages.settings,
      memory: memoryReport(),
    };
  }

  // One synchronous step, so that two calls with the same key cannot both write.
  #answer(body: Buffer, key: string | undefined): BatchAnswer {
    const known = key === undefined ? undefined : this.#keys.recall(key, body);
    const records = readBatch(parseObject(body));
    if (known !== undefined) {
      this.statistics.batchesReplayed += 1;
      return { results: repeatResults(records, known), replayed: true };
    }
    const results = applyBatch(this.store, records);
    if (key !== undefined) {
      const statuses = results.map(({ status }) => status);
      this.#keys.remember(key, body, statuses);
    }
    this.#count(results);
    return { results, replayed: false };
  }

  #count(results: readonly RecordResult[]): void {
    this.statistics.batchesApplied += 1;
    for (const { externalId, status } of results) {
      this.statistics.results[status] += 1;
      if (status === 'rejected' && externalId !== null) this.#rejected.add(externalId);
    }
  }
}
