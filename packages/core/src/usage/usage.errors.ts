import { TenonError } from '../platform/tenon.error.js';

/** `USAGE_OVERFLOW`: a counter would leave the range of 64 bits; it stays as it is. Also thrown by persistence adapters. */
export function usageOverflow(cause?: unknown): TenonError {
  return new TenonError({
    code: 'USAGE_OVERFLOW',
    category: 'too_large',
    message: 'A usage counter would exceed 2^63 - 1; it was not changed. Count in a larger unit',
    ...(cause !== undefined && { cause }),
  });
}
