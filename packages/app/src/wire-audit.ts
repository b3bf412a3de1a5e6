import { ListAuditEntries, VerifyAudit } from '@tenon/core';
import type { Commands } from '@tenon/core';
import type { Wiring } from './wiring.js';

/** The audit trail, for reading. */
export function wireAudit({ adapters }: Wiring): Commands['audit'] {
  const { persistence, platform } = adapters;
  const list = new ListAuditEntries({ persistence });
  const verify = new VerifyAudit({ persistence, crypto: platform.crypto });
  return {
    list: (context, input) => list.execute(context, input),
    verify: (context, input) => verify.execute(context, input),
  };
}
