import { ValidationError } from '../platform/common.errors.js';
import type { JsonObject } from '../platform/json.js';

/** @throws ValidationError `WEBHOOK_BODY_INVALID` when the text is no JSON object. */
export function parseWebhookBody(text: string): JsonObject {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // A parser's message may quote the body.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  const issues = [{ path: '', message: 'it must be a JSON object' }];
  throw new ValidationError("The webhook's body", issues, 'WEBHOOK_BODY_INVALID');
}
