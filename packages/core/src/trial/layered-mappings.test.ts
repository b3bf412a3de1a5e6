import { describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { uniqueId } from '@tenon/testing';
import fc from 'fast-check';

import type { InstallationId } from '../installation/installation.js';
import type { MappingRepository } from '../mapping/mapping-repository.port.js';
import type { TenantId } from '../tenant/tenant.js';
import { LayeredMappings, newLayer } from './layered-mappings.js';

const sourceId = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const kind = fc.constantFrom('contact', 'order');
const targetId = fc.constantFrom('t1', 't2', null);
const write = fc.record({
  kind,
  rows: fc.array(fc.record({ sourceId, targetId }), { minLength: 1, maxLength: 3 }),
});
const step = fc.oneof(
  write.map(({ kind: of, rows }) => ({ do: 'upsert' as const, of, rows })),
  fc.record({ do: fc.constant('delete' as const), of: kind, ids: fc.array(sourceId) }),
  fc.record({ do: fc.constant('find' as const), of: kind, ids: fc.array(sourceId) }),
  fc.record({ do: fc.constant('target' as const), of: kind }),
  fc.record({ do: fc.constant('list' as const), of: kind, after: fc.option(sourceId) }),
  fc.record({ do: fc.constant('count' as const), of: kind }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const [tenantId, installationId] = [uniqueId<TenantId>(), uniqueId<InstallationId>()];
const at = new Date(0);

/** What the port promises no order of, in one. */
function sorted<T>(rows: readonly T[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function full(rows: readonly { readonly sourceId: string; readonly targetId: string | null }[]) {
  return rows.map((row) => ({ ...row, hash: null, state: null }));
}

async function play(mappings: MappingRepository, each: Step): Promise<unknown> {
  const scope = { tenantId, installationId, kind: each.of };
  if (each.do === 'upsert') return mappings.upsertMany(scope, full(each.rows), at);
  if (each.do === 'delete') return mappings.deleteMany(scope, each.ids);
  if (each.do === 'find') return sorted(await mappings.findMany(scope, each.ids));
  if (each.do === 'target') return sorted(await mappings.findByTarget(scope, 't1'));
  if (each.do === 'list') return mappings.list(scope, each.after, 2);
  return mappings.count(scope);
}

describe('mappings in layers', () => {
  it('behave as one, and leave what is below as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 4 }), fc.array(step), async (first, steps) => {
        const [plain, below, top] = [0, 1, 2].map(() => createMemoryPersistence().mappings);
        if (!plain || !below || !top) throw new TypeError('three of them');
        for (const { kind: of, rows } of first) {
          const scope = { tenantId, installationId, kind: of };
          for (const each of [plain, below]) await each.upsertMany(scope, full(rows), at);
        }
        const all = async () => {
          const scopes = ['contact', 'order'].map((of) => ({ tenantId, installationId, kind: of }));
          return Promise.all(scopes.map((scope) => below.list(scope, null, 100)));
        };
        const before = await all();
        const layered = new LayeredMappings(top, below, newLayer());
        for (const each of steps) {
          expect(await play(layered, each)).toEqual(await play(plain, each));
        }
        expect(await all()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('keep what is written while they read', async () => {
    const [below, top] = [createMemoryPersistence().mappings, createMemoryPersistence().mappings];
    const scope = { tenantId, installationId, kind: 'contact' };
    await below.upsertMany(scope, full([{ sourceId: 'a', targetId: 'old' }]), at);
    const layered = new LayeredMappings(top, below, newLayer());
    await Promise.all([
      layered.count(scope),
      layered.upsertMany(scope, full([{ sourceId: 'a', targetId: 'new' }]), at),
      layered.findMany(scope, ['a']),
    ]);
    expect(await layered.findMany(scope, ['a'])).toMatchObject([{ targetId: 'new' }]);
  });
});
