import { ValidationError } from '../platform/common.errors.js';

const MAX_NAME = 200;

/** @throws ValidationError when a name is given and empty or too long. */
export function checkInstallationName(name: string | undefined): void {
  if (name === undefined || (name.trim() !== '' && name.length <= MAX_NAME)) return;
  const issues = [{ path: 'name', message: `it has 1 to ${MAX_NAME} characters` }];
  throw new ValidationError('The installation', issues);
}
