import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { testContext, testCrypto, uniqueId } from '@tenon/testing';
import { chainAfter } from './audit-chain.js';
import type { AuditEntry, AuditHead } from './audit-entry.js';
import { aTrail, headOf, KeptTrail, trailTenant } from './audit.fixture.js';
import { VerifyAudit } from './verify-audit.use-case.js';

const trail = aTrail(12);
const end = headOf(trail.at(-1));

/** Ways to change one field without changing its hash. */
const changes: readonly ((entry: AuditEntry) => AuditEntry)[] = [
  (entry) => ({ ...entry, id: uniqueId() }),
  (entry) => ({ ...entry, createdAt: new Date(entry.createdAt.getTime() + 1) }),
  (entry) => ({ ...entry, actor: { ...entry.actor, kind: 'system' } }),
  (entry) => ({ ...entry, actor: { ...entry.actor, userId: uniqueId() } }),
  (entry) => ({ ...entry, action: `${entry.action}.` }),
  (entry) => ({ ...entry, subject: { ...entry.subject, type: 'user' } }),
  (entry) => ({ ...entry, subject: { ...entry.subject, id: uniqueId() } }),
  (entry) => ({ ...entry, details: { ...entry.details, nested: [{ index: -1 }] } }),
  (entry) => ({ ...entry, requestId: 'another' }),
  (entry) => ({ ...entry, previousHash: 'another' }),
  (entry) => ({ ...entry, hash: 'another' }),
];

describe('a verification', () => {
  it('finds nothing wrong with a trail that is whole, or empty', async () => {
    expect(await new KeptTrail(trail, end).verify()).toEqual({
      ...{ ok: true, checked: 12, complete: true, head: end, broken: null },
    });
    expect(await new KeptTrail([], null).verify()).toMatchObject({ ok: true, checked: 0 });
  });

  it('finds every changed field of every entry', async () => {
    const places = fc.nat(trail.length - 1);
    await fc.assert(
      fc.asyncProperty(places, fc.constantFrom(...changes), async (place, change) => {
        const kept = trail.map((entry, index) => (index === place ? change(entry) : entry));
        const found = await new KeptTrail(kept, end).verify();
        expect(found).toMatchObject({ ok: false, checked: place });
        expect(found.broken).toEqual({ sequence: place + 1, reason: 'changed' });
      }),
    );
  });

  it('finds every entry that is missing, from the first to the last, and all of them', async () => {
    for (const place of trail.keys()) {
      const kept = trail.filter((_, index) => index !== place);
      const { broken } = await new KeptTrail(kept, end).verify();
      expect(broken).toEqual({ sequence: place + 1, reason: 'missing' });
    }
    const { broken } = await new KeptTrail([], end).verify();
    expect(broken).toEqual({ sequence: 1, reason: 'missing' });
  });

  it('finds two entries that changed places', async () => {
    const pair = fc.uniqueArray(fc.nat(trail.length - 1), { minLength: 2, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(pair, async ([one = 0, two = 0]) => {
        const at = (index: number): AuditEntry =>
          trail[index === one ? two : index === two ? one : index]!;
        const kept = trail.map((entry, index) => ({ ...at(index), sequence: entry.sequence }));
        const { broken } = await new KeptTrail(kept, end).verify();
        expect(broken).toEqual({ sequence: Math.min(one, two) + 1, reason: 'changed' });
      }),
    );
  });

  it('finds an entry that was hashed anew by those after it, and at the end by the head', async () => {
    for (const place of trail.keys()) {
      const before = headOf(trail[place - 1]);
      const [forged] = chainAfter(testCrypto, before, [{ ...trail[place]!, action: 'forged' }]);
      const kept = trail.map((entry, index) => (index === place ? forged! : entry));
      const { broken } = await new KeptTrail(kept, end).verify();
      const isLast = place === trail.length - 1;
      expect(broken).toEqual({
        sequence: isLast ? place + 1 : place + 2,
        reason: isLast ? 'head_mismatch' : 'unlinked',
      });
    }
  });

  it('finds a trail that was written anew, cut or emptied with its head only by an anchor', async () => {
    const others = aTrail(12);
    const anew = new KeptTrail(others, headOf(others.at(-1)));
    expect(await anew.verify()).toMatchObject({ ok: true });
    for (const { sequence, hash } of trail) {
      const { broken } = await anew.verify({ anchor: { sequence, hash } });
      expect(broken).toEqual({ sequence, reason: 'anchor_mismatch' });
    }
    const cut = new KeptTrail(trail.slice(0, 5), headOf(trail[4]));
    expect(await cut.verify()).toMatchObject({ ok: true });
    expect(await cut.verify({ anchor: end! })).toMatchObject({
      broken: { sequence: 6, reason: 'missing' },
    });
    const emptied = new KeptTrail([], null);
    expect(await emptied.verify({ anchor: end! })).toMatchObject({
      broken: { sequence: 1, reason: 'missing' },
    });
  });

  it('goes on after an entry that was noted, in steps, to the same answer', async () => {
    const kept = new KeptTrail(trail, end);
    for (const maxEntries of [1, 5, 12, 13]) {
      let checked = 0;
      let after: AuditHead | undefined;
      for (;;) {
        const step = await kept.verify({ after, maxEntries, anchor: end! });
        expect(step.ok).toBe(true);
        after = step.head ?? undefined;
        checked += step.checked;
        if (step.complete) break;
        expect(step.checked).toBe(maxEntries);
      }
      expect({ checked, after }).toEqual({ checked: 12, after: end });
    }
  });

  it('begins only where the entry is the one that was noted', async () => {
    const after = headOf(trail[4])!;
    const changed = trail.map((entry) =>
      entry.sequence === 5 ? { ...entry, action: 'x' } : entry,
    );
    const removed = trail.filter(({ sequence }) => sequence !== 5);
    const others = aTrail(12);
    for (const [kept, reason] of [
      [changed, 'changed'],
      [removed, 'missing'],
      [others, 'anchor_mismatch'],
    ] as const) {
      const found = await new KeptTrail(kept, headOf(kept.at(-1))).verify({ after });
      expect(found).toMatchObject({ ok: false, checked: 0, broken: { sequence: 5, reason } });
    }
  });

  it('is for who may read the audit and sees the whole tenant', async () => {
    const parts = { persistence: { audit: new KeptTrail(trail, end) }, crypto: testCrypto };
    const verify = new VerifyAudit(parts);
    const all = { tenantId: trailTenant, visibility: 'tenant' } as const;
    const may = testContext({ ...all, scopes: ['audit:read'] });
    expect(await verify.execute(may, {})).toMatchObject({ ok: true });
    for (const refused of [
      testContext({ ...all, scopes: ['runs:read'] }),
      testContext({ ...all, visibility: 'own' }),
    ]) {
      await expect(verify.execute(refused, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    const wrong = [0, -1, 1.5, Number.NaN].map((sequence) => ({ sequence, hash: 'x' }));
    const early = { anchor: headOf(trail[2])!, after: headOf(trail[3])! };
    const inputs = wrong.flatMap((head) => [{ anchor: head }, { after: head }]);
    for (const input of [...inputs, early, { maxEntries: 0 }]) {
      await expect(verify.execute(may, input)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  it('walks a long trail in pages, tells how far it is, and stops when asked to', async () => {
    const long = aTrail(1_100);
    const kept = new KeptTrail(long, headOf(long.at(-1)));
    const told: number[] = [];
    const found = await kept.verify({ onProgress: (checked) => told.push(checked) });
    expect(found).toMatchObject({ ok: true, checked: 1_100 });
    expect(told).toEqual([500, 1_000, 1_100]);
    const signal = AbortSignal.abort();
    const context = testContext({ tenantId: trailTenant, visibility: 'tenant', signal });
    const verify = new VerifyAudit({ persistence: { audit: kept }, crypto: testCrypto });
    await expect(verify.execute(context, {})).rejects.toThrow();
  });
});
