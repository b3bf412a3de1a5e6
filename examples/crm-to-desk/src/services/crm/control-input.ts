import { isObject } from '../http/request-body.js';
import { unprocessable } from '../http/service-error.js';
import type { FaultPlan } from './fault-plan.js';

/** The settable part of a fault plan. */
export type FaultChanges = Partial<Pick<FaultPlan, 'failNext' | 'status' | 'latencyMs'>>;

/** Reads `{ api?: { failNext?, status?, latencyMs? }, token?: { … } }`. */
export function readFaultChanges(input: Record<string, unknown>): {
  api: FaultChanges;
  token: FaultChanges;
} {
  for (const part of Object.keys(input)) {
    if (part !== 'api' && part !== 'token') {
      throw unprocessable('unknown_field', `Faults are set for api or token, not for ${part}.`);
    }
  }
  return { api: readFaultChange(input['api']), token: readFaultChange(input['token']) };
}

/** Reads `{ perSecond, burst? }`; the burst is one second's calls unless it is given. */
export function readRateLimit(input: Record<string, unknown>): {
  perSecond: number;
  burst: number;
} {
  const perSecond = readNumber(input, 'perSecond');
  const burst = input['burst'] === undefined ? Math.ceil(perSecond) : readNumber(input, 'burst');
  return { perSecond, burst };
}

/** Reads `{ redirectUris: [...] }`. */
export function readRedirectUris(input: Record<string, unknown>): string[] {
  const value = input['redirectUris'];
  const uris = Array.isArray(value) ? value.map(String) : [];
  if (uris.length > 0 && uris.every((uri) => URL.canParse(uri))) return uris;
  throw unprocessable('invalid_field', 'redirectUris must be a list of addresses.');
}

function readFaultChange(value: unknown): FaultChanges {
  if (value === undefined) return {};
  if (!isObject(value)) throw unprocessable('invalid_field', 'Faults are given as an object.');
  const changes: FaultChanges = {};
  for (const field of Object.keys(value)) {
    if (field !== 'failNext' && field !== 'status' && field !== 'latencyMs') {
      throw unprocessable(
        'unknown_field',
        `A fault has failNext, status, latencyMs, not ${field}.`,
      );
    }
    changes[field] = readNumber(value, field);
  }
  return changes;
}

function readNumber(input: Record<string, unknown>, field: string): number {
  const value = input[field];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw unprocessable('invalid_field', `${field} must be a number of at least 0.`);
}
