import { ValidationError } from '../platform/common.errors.js';
import { isId } from '../platform/id-generator.port.js';
import type { JobMessage } from './job.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const id: Check = (value) => typeof value === 'string' && isId(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const CHECKS: Readonly<Record<keyof JobMessage, Check>> = {
  v: (value) => value === 1,
  id,
  tenantId: id,
  installationId: id,
  runId: orNull(id),
  job: (value) => typeof value === 'string' && value !== '',
  input: (value) => value !== undefined,
  key: orNull(text),
  deferrals: (value) => Number.isInteger(value) && (value as number) >= 0,
  requestId: text,
  enqueuedAt: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // A parser's message may quote the body.
  }
  throw invalid('the body is no JSON object');
}

function invalid(message: string): ValidationError {
  return new ValidationError('The job message', [{ path: '', message }], 'JOB_MESSAGE_INVALID');
}

/** Reads the body of a queue message. @throws ValidationError `JOB_MESSAGE_INVALID`, naming fields but no values. */
export function parseJobMessage(body: string): JobMessage {
  const value = parse(body);
  const wrong = Object.entries(CHECKS).filter(([field, check]) => !check(value[field]));
  if (wrong.length > 0) {
    throw invalid(`wrong or missing: ${wrong.map(([field]) => field).join(', ')}`);
  }
  const fields = Object.keys(CHECKS).map((field) => [field, value[field]]);
  const message: unknown = Object.fromEntries(fields);
  return message as JobMessage;
}
