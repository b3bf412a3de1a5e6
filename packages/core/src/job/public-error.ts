import { isTenonError } from '../platform/tenon.error.js';

/** What is told of an error to the people of a tenant. Messages of others' errors may hold anything, so only their name is. */
export function publicError(error: unknown): { readonly code: string; readonly message: string } {
  if (isTenonError(error)) return { code: error.code, message: error.message };
  const name = error instanceof Error ? error.name : typeof error;
  const message = `It failed unexpectedly (${name}); the log has the details under the request id`;
  return { code: 'UNEXPECTED_ERROR', message };
}
