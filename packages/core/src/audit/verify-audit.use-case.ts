import { ForbiddenError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import { InputCheck } from '../platform/input-check.js';
import type { Repositories } from '../platform/persistence.port.js';
import { auditHash, breakAt, type AuditBreak } from './audit-chain.js';
import type { AuditEntry, AuditHead } from './audit-entry.js';
import type { AuditVerification, VerifyAuditInput } from './audit-verification.js';

const PAGE = 500;

interface Walk {
  checked: number;
  last: AuditHead | null;
  complete: boolean;
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
    checkInput(input);
    const walk: Walk = { checked: 0, last: null, complete: true };
    const broken =
      (await this.#begin(context, input, walk)) ?? (await this.#walk(context, input, walk));
    const { checked, last: head, complete } = walk;
    return { ok: broken === null, checked, complete, head, broken };
  }

  /** The entry after which the walk begins must be what was noted. */
  async #begin({ tenantId }: Context, { after }: VerifyAuditInput, walk: Walk): Promise<Broken> {
    if (!after) return null;
    const { sequence } = after;
    const [entry] = await this.parts.persistence.audit.read(tenantId, sequence - 1, 1);
    if (entry?.sequence !== sequence) return { sequence, reason: 'missing' };
    if (auditHash(this.parts.crypto, entry) !== entry.hash) return { sequence, reason: 'changed' };
    if (entry.hash !== after.hash) return { sequence, reason: 'anchor_mismatch' };
    walk.last = after;
    return null;
  }

  async #walk(context: Context, input: VerifyAuditInput, walk: Walk): Promise<Broken> {
    const { audit } = this.parts.persistence;
    const { maxEntries = Infinity } = input;
    for (;;) {
      context.signal?.throwIfAborted();
      // First the head: what it names was there before, so a page that lacks it lacks it for good.
      const head = await audit.head(context.tenantId);
      const limit = Math.min(PAGE, Math.max(maxEntries - walk.checked, 1));
      const page = await audit.read(context.tenantId, sequenceOf(walk.last), limit);
      if (page.length > 0 && walk.checked >= maxEntries) {
        walk.complete = false;
        return null;
      }
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

function checkInput({ anchor, after, maxEntries = 1 }: VerifyAuditInput): void {
  const check = new InputCheck('The verification');
  for (const [path, head] of Object.entries({ anchor, after })) {
    const good = !head || (Number.isSafeInteger(head.sequence) && head.sequence > 0);
    check.expect(good, path, 'the sequence number and the hash of an entry');
  }
  const later = !anchor || !after || anchor.sequence > after.sequence;
  check.expect(later, 'anchor', 'an entry later than where the verification begins');
  check.expect(maxEntries > 0, 'maxEntries', 'a number above 0');
  check.done();
}
