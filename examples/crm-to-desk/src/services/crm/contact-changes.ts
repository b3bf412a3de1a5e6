import { unprocessable } from '../http/service-error.js';
import type { ContactChanges } from './contact-catalog.js';

const TEXT_FIELDS = new Set(['name', 'country', 'adminCode', 'featureCode']);
const NUMBER_FIELDS = new Set(['population', 'latitude', 'longitude']);

/**
 * Checks the body of a PATCH.
 * @throws ServiceError 422 naming the first field that cannot be changed so.
 */
export function readChanges(body: Record<string, unknown>): ContactChanges {
  for (const [field, value] of Object.entries(body)) {
    if (TEXT_FIELDS.has(field)) {
      if (typeof value === 'string' && value.length <= 200) continue;
      throw unprocessable('invalid_field', `${field} must be a text of at most 200 characters.`);
    }
    if (!NUMBER_FIELDS.has(field)) {
      throw unprocessable('unknown_field', `A contact has no field ${field} that can be changed.`);
    }
    if (typeof value === 'number' && Number.isFinite(value)) continue;
    throw unprocessable('invalid_field', `${field} must be a number.`);
  }
  return body;
}
