import { ValidationError } from '../platform/common.errors.js';

/** A name for people: trimmed, 1 to 200 characters. @throws ValidationError. */
export function connectionName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= 200) return trimmed;
  throw new ValidationError('The connection', [{ path: 'name', message: '1 to 200 characters' }]);
}
