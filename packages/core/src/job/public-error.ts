import { isTenonError } from '../platform/tenon.error.js';
import type { TenonError } from '../platform/tenon.error.js';

/** True for failures of the app itself: their messages name keys, tables and settings, which are for who runs it. */
export function isOurs({ category }: TenonError): boolean {
  return category === 'internal' || category === 'misconfigured';
}

/**
 * What is told of an error to the people of a tenant. Messages of others' errors may hold anything, so only their name is; of
 * failures of the app itself, the code.
 */
export function publicError(error: unknown): { readonly code: string; readonly message: string } {
  if (isTenonError(error)) {
    const { code, message } = error;
    const ours = `It failed on our side (${code}); the log has the details under the request id`;
    return { code, message: isOurs(error) ? ours : message };
  }
  const name = error instanceof Error ? error.name : typeof error;
  const message = `It failed unexpectedly (${name}); the log has the details under the request id`;
  return { code: 'UNEXPECTED_ERROR', message };
}
