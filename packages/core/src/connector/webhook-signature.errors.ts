import { MisconfiguredError } from '../platform/common.errors.js';
import { TenonError } from '../platform/tenon.error.js';

/** `WEBHOOK_SIGNATURE_INVALID`: not proven to be the provider's. `why` names the header, never a value. */
export function webhookSignatureInvalid(why: string): TenonError {
  return new TenonError({
    code: 'WEBHOOK_SIGNATURE_INVALID',
    category: 'unauthenticated',
    message: `The webhook is not accepted: ${why}`,
  });
}

/** `MISCONFIGURED`: the stored secret is none of this scheme. */
export function webhookSecretInvalid(): MisconfiguredError {
  return new MisconfiguredError(
    "The webhook's signing secret must be base64, with or without 'whsec_' before it",
  );
}
