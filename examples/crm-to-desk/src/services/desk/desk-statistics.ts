import type { MemoryReport } from '../http/memory-report.js';
import type { OutageSettings } from './outage-plan.js';
import type { ResultStatus } from './record-batch.js';

/** What a desk has counted since it started or was reset. */
export interface DeskStatistics {
  /** Calls of the API, whatever their answer. */
  requests: number;
  /** Calls without the right key. */
  unauthorized: number;
  /** Batches that were written. */
  batchesApplied: number;
  /** Batches that were answered from their `Idempotency-Key`, without a write. */
  batchesReplayed: number;
  /** Records of written batches by what became of them. */
  results: Record<ResultStatus, number>;
  /** Batches answered 503 before and after their write. */
  outages: { before: number; after: number };
}

/** What `GET /__control/stats` of the desk answers. */
export interface DeskReport extends DeskStatistics {
  /** How many records the desk holds. */
  readonly stored: number;
  /** How many different records were rejected. */
  readonly distinctRejected: number;
  /** Number of changing writes → number of records that had so many. */
  readonly writesHistogram: Readonly<Record<string, number>>;
  /** How many records had more than one changing write. */
  readonly changedMoreThanOnce: number;
  readonly outageSettings: OutageSettings;
  readonly memory: MemoryReport;
}

export function emptyDeskStatistics(): DeskStatistics {
  return {
    requests: 0,
    unauthorized: 0,
    batchesApplied: 0,
    batchesReplayed: 0,
    results: { created: 0, updated: 0, unchanged: 0, rejected: 0 },
    outages: { before: 0, after: 0 },
  };
}
