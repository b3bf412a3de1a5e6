import { TenonError } from '../platform/tenon.error.js';
import { ValidationError } from '../platform/common.errors.js';

/** `WEBHOOK_NOT_READY`: the endpoint exists, but nobody said yet what the provider signs with. */
export function webhookNotReady(slot: string): TenonError {
  return new TenonError({
    code: 'WEBHOOK_NOT_READY',
    category: 'precondition',
    message: `The webhook of slot '${slot}' has no signing secret yet; the integration sets it with webhooks.setSecret`,
  });
}

/** `WEBHOOK_BODY_TOO_LARGE`: more than is kept of one delivery. */
export function webhookBodyTooLarge(bytes: number, limit: number): TenonError {
  return new TenonError({
    code: 'WEBHOOK_BODY_TOO_LARGE',
    category: 'too_large',
    message: `The webhook's body has ${bytes} bytes; at most ${limit} are accepted`,
    details: { bytes, limit },
  });
}

/** `WEBHOOK_BODY_INVALID`: bytes that are no text. */
export function webhookBodyNotText(): ValidationError {
  const issues = [{ path: '', message: 'it must be well-formed UTF-8' }];
  return new ValidationError("The webhook's body", issues, 'WEBHOOK_BODY_INVALID');
}
