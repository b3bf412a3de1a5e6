import { ForbiddenError, ValidationError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { breakAt, type AuditBreak } from './audit-chain.js';
import type { AuditEntry, AuditHead } from './audit-entry.js';
import type { AuditVerification, VerifyAuditInput } from './audit-verification.js';

const PAGE = 500;

interface Walk {
  checked: number;
  last: AuditHead | null;
}

type Broken = AuditVerification['broken'];

const sequenceOf = (head: AuditHead | null): number => head?.sequence ?? 0;

/**
 * Walks a tenant's trail from its first entry and recomputes every hash, page by page: memory does not grow with the trail. Entries that
 * are appended meanwhile are walked too.
 */
export class VerifyAudit {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'audit'>;
      readonly crypto: Pick<Crypto, 'sha256'>;
    },
  ) {}

  /** Needs `audit:read` and sight of the whole tenant. @throws ForbiddenError, ValidationError for an anchor that is none. */
  async execute(context: Context, input: VerifyAuditInput): Promise<AuditVerification> {
    requireScope(context, 'audit:read');
    if (context.visibility !== 'tenant') {
      throw new ForbiddenError('Only who sees the whole tenant verifies its audit trail');
    }
    checkAnchor(input.anchor);
    const walk: Walk = { checked: 0, last: null };
    const broken = await this.#walk(context, input, walk);
    return { ok: broken === null, checked: walk.checked, head: walk.last, broken };
  }

  async #walk(context: Context, input: VerifyAuditInput, walk: Walk): Promise<Broken> {
    const { audit } = this.parts.persistence;
    for (;;) {
      context.signal?.throwIfAborted();
      // First the head: what it names was there before, so a page that lacks it lacks it for good.
      const head = await audit.head(context.tenantId);
      const page = await audit.read(context.tenantId, sequenceOf(walk.last), PAGE);
      for (const entry of page) {
        const reason = this.#judge(entry, input, walk);
        if (reason) return { sequence: placeOf(reason, entry, walk), reason };
        walk.last = { sequence: entry.sequence, hash: entry.hash };
        walk.checked += 1;
      }
      if (page.length > 0) input.onProgress?.(walk.checked);
      else return atEnd(walk, head, input);
    }
  }

  #judge(entry: AuditEntry, { anchor }: VerifyAuditInput, { last }: Walk): AuditBreak | null {
    const reason = breakAt(this.parts.crypto, last, entry);
    if (reason) return reason;
    const differs = anchor?.sequence === entry.sequence && anchor.hash !== entry.hash;
    return differs ? 'anchor_mismatch' : null;
  }
}

function placeOf(reason: AuditBreak, entry: AuditEntry, { last }: Walk): number {
  return reason === 'missing' ? sequenceOf(last) + 1 : entry.sequence;
}

function atEnd({ last }: Walk, head: AuditHead | null, { anchor }: VerifyAuditInput): Broken {
  const end = sequenceOf(last);
  if (sequenceOf(head) > end || (anchor?.sequence ?? 0) > end) {
    return { sequence: end + 1, reason: 'missing' };
  }
  const same = sequenceOf(head) === end && head?.hash === last?.hash;
  return same ? null : { sequence: end, reason: 'head_mismatch' };
}

function checkAnchor(anchor: AuditHead | undefined): void {
  if (!anchor || (Number.isSafeInteger(anchor.sequence) && anchor.sequence > 0)) return;
  const message = 'the sequence number and the hash of an entry';
  throw new ValidationError('The verification', [{ path: 'anchor', message }]);
}
