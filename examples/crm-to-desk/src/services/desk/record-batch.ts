import { isObject } from '../http/request-body.js';
import { badRequest, unprocessable } from '../http/service-error.js';
import type { Rejection } from './record-rules.js';
import { recordRejection } from './record-rules.js';
import type { Fields, RecordStore, Written } from './record-store.js';

/** The most records that one batch may carry. */
export const LARGEST_BATCH = 500;

export type ResultStatus = Written | 'rejected';

/** What became of one record of a batch. */
export interface RecordResult {
  readonly externalId: string | null;
  readonly status: ResultStatus;
  readonly error?: Rejection;
}

type Candidate = Readonly<Record<string, unknown>>;

/**
 * Reads `{ records: [...] }`.
 * @throws ServiceError 400 when it is not that, 422 when there are too many.
 */
export function readBatch(body: Record<string, unknown>): readonly Candidate[] {
  const records = body['records'];
  if (!Array.isArray(records) || !records.every(isObject)) {
    throw badRequest('invalid_batch', 'The body must be { "records": [ { … } ] }.');
  }
  if (records.length <= LARGEST_BATCH) return records;
  throw unprocessable(
    'batch_too_large',
    `A batch has at most ${LARGEST_BATCH} records, not ${records.length}.`,
  );
}

/** Writes the records that the desk takes and tells what became of each, in the same order. */
export function applyBatch(store: RecordStore, records: readonly Candidate[]): RecordResult[] {
  return records.map((record) => {
    const error = recordRejection(record);
    if (error !== undefined) return { externalId: idOf(record), status: 'rejected', error };
    const { externalId, ...fields } = record as Fields & { externalId: string };
    return { externalId, status: store.upsert(externalId, fields) };
  });
}

/** The answer that was given before, from the statuses that it had. */
export function repeatResults(
  records: readonly Candidate[],
  statuses: readonly ResultStatus[],
): RecordResult[] {
  return records.map((record, index) => {
    const error = recordRejection(record);
    const status = statuses[index] ?? 'rejected';
    return { externalId: idOf(record), status, ...(error && { error }) };
  });
}

function idOf(record: Candidate): string | null {
  const id = record['externalId'];
  return typeof id === 'string' ? id : null;
}
