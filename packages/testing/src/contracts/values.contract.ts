import type { JsonObject, JsonValue } from '@tenon/core';
import { uniqueId } from '../fixtures/unique.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const texts = [
  '',
  ' leading and trailing ',
  `it's "quoted" \\ and \\\\ twice`,
  "'; DROP TABLE users; --",
  '%_$1 ${x} {{x}} :name ?',
  'tab\tnew\nline\r\n\u0001',
  'ä é 漢字 עברית',
  '😀👩‍👩‍👧‍👦\u{10FFFD}',
  'e\u0301 is not é',
  'null',
  'x'.repeat(200_000),
];

const values: readonly JsonValue[] = [
  null,
  true,
  0,
  -1,
  0.1,
  1e-7,
  1.7976931348623157e308,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  123_456_789.123_456,
  '',
  'text',
  [],
  {},
  [[], [[]], {}],
  [null, 1, 'a', { b: [true, { c: null }] }],
  { present: null, list: [1, 2], 'key with "quotes"': 1, 'ä😀': 2, '': 3 },
  Array.from({ length: 1_000 }, (_, index) => ({ index })),
];

/** Tests that values come back as they were. */
export function valuesContract({ describe, it, expect }: PersistenceSuite): void {
  describe('values', () => {
    it('values: text comes back to the last character', async ({ persistence }) => {
      const world = await World.create(persistence);
      for (const text of texts) {
        const { id } = await world.addConnection({ name: text, externalId: uniqueId() });
        expect((await persistence.connections.find(world.tenantId, id))?.name).toBe(text);
      }
      const found = texts.slice(0, -1).map(async (username) => {
        const user = await world.addUser({ username });
        return (await persistence.users.findByUsername(world.tenantId, username))?.id === user.id;
      });
      expect(await Promise.all(found)).toEqual(found.map(() => true));
    });

    it('values: text with a NUL is kept or refused, never cut', async ({ persistence }) => {
      const world = await World.create(persistence);
      const id = uniqueId<(typeof world.user)['id']>();
      const email = 'before\u0000after';
      const [outcome] = await Promise.allSettled([world.addUser({ id, email })]);
      const found = await persistence.users.find(world.tenantId, id);
      expect(found?.email).toBe(outcome.status === 'fulfilled' ? email : undefined);
    });

    it('values: moments come back to the millisecond', async ({ persistence }) => {
      const world = await World.create(persistence);
      const moments = [
        '1970-01-01T00:00:00.000Z',
        '1999-12-31T23:59:59.999Z',
        '2024-02-29T12:00:00.001Z',
        '2026-03-29T01:30:00.500Z',
        '2100-06-15T10:20:30.456Z',
      ];
      for (const moment of moments) {
        const lastTestedAt = new Date(moment);
        const { id } = await world.addConnection({ lastTestedAt, createdAt: lastTestedAt });
        const found = await persistence.connections.find(world.tenantId, id);
        expect(found?.lastTestedAt?.toISOString()).toBe(moment);
        expect(found?.createdAt.toISOString()).toBe(moment);
      }
    });

    it('values: JSON comes back as it was', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const { tenantId } = world;
      for (const value of values) {
        const run = await world.addRun(installation, { input: value, checkpoint: value });
        expect(await persistence.runs.find(tenantId, run.id)).toEqual(run);
        const advanced = await persistence.runs.advance(tenantId, run.id, {
          checkpoint: value,
          result: { value },
          at: run.createdAt,
        });
        expect(advanced).toMatchObject({ checkpoint: value, result: { value } });
      }
      const scope = { ...scopeOf(installation), kind: 'json' };
      const rows = values.map((state, index) => ({
        sourceId: String(index),
        targetId: null,
        hash: null,
        state,
      }));
      await persistence.mappings.upsertMany(scope, rows, new Date());
      const found = await persistence.mappings.list(scope, null, 100);
      const states = new Map(found.map(({ sourceId, state }) => [sourceId, state]));
      expect(values.map((_, index) => states.get(String(index)))).toEqual(values);
    });

    it('values: absent members of JSON stay absent', async ({ persistence }) => {
      const world = await World.create(persistence);
      const config: JsonObject = { present: null, absent: undefined, nested: { gone: undefined } };
      const { id } = await world.addInstallation({ config });
      const found = await persistence.installations.find(world.tenantId, id);
      // The order of members is no part of a JSON value.
      expect(Object.keys(found?.config ?? {}).sort()).toEqual(['nested', 'present']);
      expect(JSON.stringify(found?.config['nested'])).toBe('{}');
      expect(found?.config['present']).toBeNull();
    });

    it('values: any JSON comes back', async ({ persistence }) => {
      const { default: fc } = await import('fast-check');
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      // Databases refuse NUL in text and keep no sign at zero.
      const json = fc
        .jsonValue({ stringUnit: 'grapheme', maxDepth: 4 })
        .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue)
        .filter((value) => !JSON.stringify(value).includes('\\u0000'));
      const property = fc.asyncProperty(json, async (input) => {
        const run = await world.addRun(installation, { input });
        expect((await persistence.runs.find(world.tenantId, run.id))?.input).toEqual(input);
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });
}
