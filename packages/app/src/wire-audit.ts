import { appTrailContext, ListAuditEntries, VerifyAudit } from '@tenon/core';
import type { Commands } from '@tenon/core';
import type { Wiring } from './wiring.js';

/** The audit trails, for reading. */
export function wireAudit({ adapters }: Wiring): Commands['audit'] {
  const { persistence, platform } = adapters;
  const list = new ListAuditEntries({ persistence });
  const verify = new VerifyAudit({ persistence, crypto: platform.crypto });
  return {
    list: (context, input) => list.execute(context, input),
    verify: (context, input) => verify.execute(context, input),
    listApp: (context, input) => list.execute(appTrailContext(context), input),
    verifyApp: (context, input) => verify.execute(appTrailContext(context), input),
  };
}
