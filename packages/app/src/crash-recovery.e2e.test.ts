import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { build } from 'esbuild';
import fc from 'fast-check';
import type { CrashPoint } from './reliability-crash.fixture.js';
import { crashAndRecover, openLane } from './reliability-lane.fixture.js';
import type { Lane } from './reliability-lane.fixture.js';
import { RECORDS, startShelf } from './reliability-shelf.fixture.js';
import type { Shelf } from './reliability-shelf.fixture.js';
import { leftovers, rows } from './reliability-worker.fixture.js';

/** `all` kills at every point that a whole run passes, a part of a label at every such point; without it, at as many as there is time for, chosen anew every time. */
const wanted = process.env['TENON_TEST_CRASH_POINTS'] ?? 'some';
const BUDGET_MS = 60_000;
const seed = Number(process.env['TENON_TEST_SEED'] ?? Date.now() % 2 ** 31);
const LANES = 3;

let postgres: EmbeddedPostgres;
let shelf: Shelf;
let folder: string;
let program: string;
const lanes: Lane[] = [];

beforeAll(async () => {
  const root = resolve(import.meta.dirname, '../../..');
  folder = await mkdtemp(join(root, 'node_modules/.cache/crash-'));
  program = join(folder, 'process.mjs');
  postgres = await startEmbeddedPostgres();
  shelf = await startShelf();
  await build({
    entryPoints: [join(import.meta.dirname, 'reliability-process.fixture.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    external: [
      ...['pg', 'undici', 'croner', 'zod', 'pino', 'express', 'ws', '@prisma/*', '@aws-sdk/*'],
      ...['@jest/globals', 'fast-check', 'oidc-provider'],
    ],
    outfile: program,
    logLevel: 'error',
  });
  for (let index = 0; index < LANES; index += 1)
    lanes.push(await openLane(postgres, shelf, `lane${index}`));
}, 60_000);

afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  await shelf.server.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Counts how often each label came. */
function pointsOf(labels: readonly string[]): readonly CrashPoint[] {
  const counts = new Map<string, number>();
  return labels.map((label) => {
    const occurrence = (counts.get(label) ?? 0) + 1;
    counts.set(label, occurrence);
    return { label, occurrence };
  });
}

/** In random order, but so that the operations come before their repetitions: a sample has as many different ones as it can. */
function chosen(points: readonly CrashPoint[]): readonly CrashPoint[] {
  if (wanted !== 'some')
    return points.filter(({ label }) => wanted === 'all' || label.includes(wanted));
  const shuffled =
    fc.sample(
      fc.shuffledSubarray([...points], { minLength: points.length, maxLength: points.length }),
      { seed, numRuns: 1 },
    )[0] ?? [];
  const rank = new Map<CrashPoint, number>();
  const seen = new Map<string, number>();
  for (const point of shuffled) {
    rank.set(point, seen.get(point.label) ?? 0);
    seen.set(point.label, (seen.get(point.label) ?? 0) + 1);
  }
  return shuffled.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/** What must hold once a run has ended, whatever happened on the way. */
async function expectWhole(lane: Lane, runId: string, set: string): Promise<void> {
  expect(shelf.of(set)).toEqual(shelf.expected(set));
  expect(await lane.installed.run(runId)).toMatchObject({
    state: 'succeeded',
    pendingJobs: 0,
    deadJobs: 0,
    progress: { total: RECORDS, processed: RECORDS, succeeded: RECORDS, failed: 0 },
  });
  const left = await leftovers(lane.servers.databaseUrl);
  expect(left).toEqual({ outbox: 0, dead: 0, claims: 0, pending: 0 });
  const mapped = await rows<{ source_id: string }>(
    lane.servers.databaseUrl,
    'SELECT source_id FROM mappings WHERE source_id LIKE $1 ORDER BY source_id',
    [`${set}/%`],
  );
  expect(mapped.map(({ source_id: id }) => id).sort()).toEqual(shelf.expected(set));
}

describe('kill -9 at every step of a job', () => {
  let points: readonly CrashPoint[] = [];

  it('has steps to be killed at', async () => {
    const [lane] = lanes;
    const order = { program, shelfUrl: shelf.server.url, crash: null };
    const end = await crashAndRecover(lane!, order, 'whole');
    await expectWhole(lane!, end.runId, 'whole');
    expect(end.killed).toBe(false);
    points = pointsOf(end.points);
    expect(new Set(points.map(({ label }) => label)).size).toBeGreaterThan(20);
    expect(points.length).toBeGreaterThan(200);
  }, 30_000);

  it(
    'loses no record, applies none twice, and the run goes on to its end',
    async () => {
      const queue = [...chosen(points).entries()];
      const deadline = wanted === 'some' ? Date.now() + BUDGET_MS : Infinity;
      const steps = new Set<string>();
      let tried = 0;
      let killed = 0;
      const work = async (lane: Lane): Promise<void> => {
        for (let next = queue.shift(); next && Date.now() < deadline; next = queue.shift()) {
          const [index, crash] = next;
          const set = `set${index}`;
          try {
            const order = { program, shelfUrl: shelf.server.url, crash };
            const end = await crashAndRecover(lane, order, set);
            tried += 1;
            if (end.killed) {
              killed += 1;
              steps.add(crash.label);
            }
            await expectWhole(lane, end.runId, set);
          } catch (error) {
            throw new Error(`Killed at ${crash.label} #${crash.occurrence} (seed ${seed})`, {
              cause: error,
            });
          }
        }
      };
      await Promise.all(lanes.map(work));
      const known = new Set(points.map(({ label }) => label)).size;
      process.stdout.write(
        `Killed at ${killed} of ${tried} points, at ${steps.size} of ${known} different steps; a run has ${points.length} points; seed ${seed}\n`,
      );
      // Points beside timers and other jobs do not come in every run.
      expect(killed).toBeGreaterThanOrEqual(Math.max(1, Math.floor(tried * 0.8)));
    },
    wanted === 'some' ? 150_000 : 1_800_000,
  );
});
