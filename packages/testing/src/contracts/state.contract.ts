import { installationNamespace, MAX_STATE_VALUE_BYTES } from '@tenon/core';
import type { JsonValue, Repositories, StateEntry, StateScope } from '@tenon/core';
import { uniqueName, uniquePast } from '../fixtures/unique.js';
import { atOnce, codeOf, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const now = new Date('2026-05-06T07:08:09.123Z');

async function aScope(db: Repositories): Promise<StateScope> {
  const { tenantId } = await World.create(db);
  return { tenantId, namespace: uniqueName('space') };
}

function write(
  key: string,
  value: JsonValue,
  options: { readonly expiresAt?: Date; readonly now?: Date } = {},
) {
  return { key, value, expiresAt: null, now, ...options };
}

const keysOf = (entries: readonly StateEntry[]): string[] => entries.map(({ key }) => key);

function entryContract({ it, expect }: PersistenceSuite): void {
  it('states: put keeps every field and grows the version', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const expiresAt = later(now, 1);
    const first = await states.put(scope, write('k', { a: [1, null, '€'] }, { expiresAt }));
    expect(first).toEqual({
      ...scope,
      key: 'k',
      value: { a: [1, null, '€'] },
      version: now.getTime(),
      expiresAt,
      updatedAt: now,
    });
    expect(await states.get(scope, 'k', now)).toEqual(first);
    const second = await states.put(scope, write('k', null));
    expect(second).toMatchObject({ value: null, version: first.version + 1, expiresAt: null });
    expect(await states.get(scope, 'k', later(now, 1e9))).toEqual(second);
    const third = await states.put(scope, write('k', 3, { now: later(now, 50) }));
    expect(third.version).toBe(now.getTime() + 50);
    const behind = await states.put(scope, write('k', 4, { now: later(now, -50) }));
    expect(behind.version).toBe(third.version + 1);
    expect(await states.get(scope, 'K', now)).toBeNull();
    expect(await states.get({ ...scope, namespace: 'other' }, 'k', now)).toBeNull();
  });

  it('states: every kind of value comes back', async ({ persistence: { states, ...db } }) => {
    const scope = await aScope({ states, ...db });
    const values: JsonValue[] = [null, true, 0, -0.5, '', 'null', [], {}, [[], { '': [null] }]];
    for (const [index, value] of values.entries()) {
      expect((await states.put(scope, write(`${index}`, value))).value).toEqual(value);
      expect((await states.get(scope, `${index}`, now))?.value).toEqual(value);
    }
  });

  it('states: getMany answers those that exist, once', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    for (const key of ['a', 'b', 'c']) await states.put(scope, write(key, key));
    await states.put(scope, write('old', 1, { expiresAt: now }));
    const found = await states.getMany(scope, ['b', 'a', 'b', 'old', 'none'], now);
    expect(keysOf(found).sort()).toEqual(['a', 'b']);
    expect(await states.getMany(scope, [], now)).toEqual([]);
  });

  it('states: delete, with and without a version', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const { version } = await states.put(scope, write('k', 1));
    expect(await states.delete(scope, 'k', { now, version: version + 1 })).toBe(false);
    expect(await states.delete(scope, 'other', { now })).toBe(false);
    expect(await states.delete(scope, 'k', { now, version })).toBe(true);
    expect(await states.delete(scope, 'k', { now })).toBe(false);
    expect(await states.get(scope, 'k', now)).toBeNull();
    await states.put(scope, write('k', 2));
    expect(await states.delete(scope, 'k', { now })).toBe(true);
  });

  it('states: what is too large or no key is refused', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const large = 'x'.repeat(MAX_STATE_VALUE_BYTES - 2);
    await states.put(scope, write('k'.repeat(500), large));
    expect((await states.get(scope, 'k'.repeat(500), now))?.value).toBe(large);
    for (const refused of [write('k', `${large}x`), write('k'.repeat(501), 1), write('', 1)]) {
      expect(await codeOf(states.put(scope, refused))).toBe('VALIDATION_FAILED');
      expect(await codeOf(states.compareAndSet(scope, refused, 'absent'))).toBe(
        'VALIDATION_FAILED',
      );
    }
    const wrong = { ...scope, namespace: 'n'.repeat(101) };
    expect(await codeOf(states.put(wrong, write('k', 1)))).toBe('VALIDATION_FAILED');
  });
}

function conditionContract({ it, expect }: PersistenceSuite): void {
  it('states: compareAndSet writes what it expects and nothing else', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    expect(await states.compareAndSet(scope, write('k', 1), 7)).toBeNull();
    const first = await states.compareAndSet(scope, write('k', 1), 'absent');
    expect(first?.value).toBe(1);
    expect(await states.compareAndSet(scope, write('k', 2), 'absent')).toBeNull();
    expect(await states.compareAndSet(scope, write('k', 2), first!.version - 1)).toBeNull();
    expect(await states.get(scope, 'k', now)).toEqual(first);
    const second = await states.compareAndSet(scope, write('k', 2), first!.version);
    expect(second).toMatchObject({ value: 2, version: first!.version + 1 });
    expect(await states.compareAndSet(scope, write('k', 3), first!.version)).toBeNull();
  });

  it('states: an entry that was deleted and made anew has another version', async ({
    persistence,
  }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const { version } = await states.put(scope, write('k', 1));
    await states.delete(scope, 'k', { now });
    await states.put(scope, write('k', 'new', { now: later(now, 1) }));
    const late = write('k', 'late', { now: later(now, 2) });
    expect(await states.compareAndSet(scope, late, version)).toBeNull();
  });

  it('states: of 20 writers that expect the same, one wins', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const first = await atOnce(20, (index) =>
      states.compareAndSet(scope, write('k', index), 'absent'),
    );
    const [winner, ...others] = first.filter((entry) => entry !== null);
    expect(others).toEqual([]);
    const next = await atOnce(20, (index) =>
      states.compareAndSet(scope, write('k', index), winner!.version),
    );
    expect(next.filter((entry) => entry !== null)).toHaveLength(1);
  });

  it('states: 20 parallel increments by compareAndSet lose none', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    await states.put(scope, write('n', 0));
    await atOnce(20, async () => {
      for (;;) {
        const entry = await states.get(scope, 'n', now);
        const next = write('n', (entry!.value as number) + 1);
        if (await states.compareAndSet(scope, next, entry!.version)) return;
      }
    });
    expect((await states.get(scope, 'n', now))?.value).toBe(20);
  });

  it('states: 20 parallel puts of one new key all succeed', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const written = await atOnce(20, (index) => states.put(scope, write('k', index)));
    expect(new Set(written.map(({ version }) => version)).size).toBe(20);
  });
}

function expiryContract({ it, expect }: PersistenceSuite): void {
  it('states: an expired entry looks like none at once', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const expiresAt = later(now, 10);
    const { version } = await states.put(scope, write('k', 1, { expiresAt }));
    expect(await states.get(scope, 'k', later(now, 9))).not.toBeNull();
    expect(await states.get(scope, 'k', expiresAt)).toBeNull();
    expect(await states.getMany(scope, ['k'], expiresAt)).toEqual([]);
    const all = { prefix: '', afterKey: null, limit: 10 };
    expect(await states.scan(scope, { ...all, now: expiresAt })).toEqual([]);
    expect(await states.scan(scope, { ...all, now })).toHaveLength(1);
    const after = { now: expiresAt };
    expect(await states.delete(scope, 'k', after)).toBe(false);
    expect(await states.compareAndSet(scope, write('k', 2, after), version)).toBeNull();
    const anew = await states.compareAndSet(scope, write('k', 2, after), 'absent');
    expect(anew).toMatchObject({ value: 2, expiresAt: null });
    expect(anew!.version).toBeGreaterThan(version);
  });

  it('states: deleteExpired deletes at most its limit, and only what expired', async ({
    persistence,
  }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const past = uniquePast();
    for (const [index, key] of ['a', 'b', 'c'].entries()) {
      await states.put(scope, write(key, 1, { expiresAt: later(past, index) }));
    }
    await states.put(scope, write('kept', 1));
    await states.put(scope, write('later', 1, { expiresAt: later(now, 1e9) }));
    while ((await states.deleteExpired(past, 100)) > 0);
    const count = async () =>
      (await states.scan(scope, { prefix: '', afterKey: null, limit: 9, now: later(past, -1) }))
        .length;
    expect(await count()).toBe(5);
    expect(await states.deleteExpired(later(past, 2), 1)).toBe(1);
    expect(await count()).toBe(4);
    expect(await states.deleteExpired(later(past, 2), 100)).toBe(1);
    expect(await states.deleteExpired(later(past, 3), 100)).toBe(1);
    expect(await count()).toBe(2);
  });
}

function scanContract({ it, expect }: PersistenceSuite): void {
  it('states: scan walks a prefix in the order of code points', async ({ persistence }) => {
    const scope = await aScope(persistence);
    const { states } = persistence;
    const inside = [
      'p',
      'p ',
      'p%',
      'p/1',
      'p/10',
      'p/2',
      'pA',
      'p_',
      'pa',
      'pä',
      'p\uFFFD',
      'p😀',
    ];
    const keys = ['P', 'o', ...inside, 'q', '\uFFFD', '😀'];
    for (const key of [...keys].reverse()) await states.put(scope, write(key, key));
    const scan = async (prefix: string, afterKey: string | null, limit: number) =>
      keysOf(await states.scan(scope, { prefix, afterKey, limit, now }));
    expect(await scan('', null, 100)).toEqual(keys);
    expect(await scan('p', null, 100)).toEqual(inside);
    expect(await scan('p/', null, 2)).toEqual(['p/1', 'p/10']);
    expect(await scan('p/', 'p/10', 2)).toEqual(['p/2']);
    expect(await scan('p%', null, 9)).toEqual(['p%']);
    expect(await scan('p_', null, 9)).toEqual(['p_']);
    expect(await scan('p', 'q', 9)).toEqual([]);
    expect(await scan('p/', 'a', 1)).toEqual(['p/1']);
    const walked: string[] = [];
    for (let page = await scan('p', null, 5); page.length > 0;) {
      walked.push(...page);
      page = await scan('p', page.at(-1)!, 5);
    }
    expect(walked).toEqual(inside);
    expect(await states.scan({ ...scope, namespace: 'x' }, { ...anywhere, now })).toEqual([]);
  });
}

const anywhere = { prefix: '', afterKey: null, limit: 100 };

function ownershipContract({ it, expect }: PersistenceSuite): void {
  it('states: those of an installation are deleted with it', async ({ persistence }) => {
    const world = await World.create(persistence);
    const [gone, kept] = [await world.addInstallation(), await world.addInstallation()];
    const { states, installations } = persistence;
    const { tenantId } = world;
    const scopes = [gone, kept].map(({ id }) => ({
      tenantId,
      namespace: installationNamespace(id),
    }));
    const free = { tenantId, namespace: 'free' };
    for (const scope of [...scopes, free]) {
      for (const key of ['a', 'b', 'c']) await states.put(scope, write(key, 1));
    }
    const counts = async () => {
      const found = [...scopes, free].map((scope) => states.scan(scope, { ...anywhere, now }));
      return (await Promise.all(found)).map(({ length }) => length);
    };
    expect(await installations.deleteBatch(tenantId, gone.id, 2)).toBe(false);
    expect(await counts()).toEqual([1, 3, 3]);
    while (!(await installations.deleteBatch(tenantId, gone.id, 2)));
    expect(await counts()).toEqual([0, 3, 3]);
  });
}

/** Tests of `KeyValueRepository`. */
export function stateContract(suite: PersistenceSuite): void {
  suite.describe('states', () => {
    entryContract(suite);
    conditionContract(suite);
    expiryContract(suite);
    scanContract(suite);
    ownershipContract(suite);
  });
}
