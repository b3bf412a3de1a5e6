import { defineConnector, defineIntegration } from '@tenon/core';
import type { Integration } from '@tenon/core';
import { startScriptedServer } from '@tenon/testing';
import type { RecordedRequest, ScriptedAnswer, ScriptedServer } from '@tenon/testing';
import { z } from 'zod';

/** How many records a set has, and on how many pages they come. */
export const PAGES = 3;
export const PER_PAGE = 4;
export const RECORDS = PAGES * PER_PAGE;

/** A third-party API on loopback: source of record sets, and an idempotent sink that remembers what it applied. */
export interface Shelf {
  readonly server: ScriptedServer;
  /** Keys that are accepted. */
  readonly keys: Set<string>;
  /** What was applied, in order. One idempotency key applies once, whatever is sent with it again. */
  readonly applied: string[];
  /** Writes that arrived, repeated ones included. */
  readonly calls: { count: number };
  /** Asked after each write was applied: what to answer in place of 200. */
  fault: ((id: string) => ScriptedAnswer | null) | null;
  /** What a set must have come to in the sink: every record once. */
  expected(set: string, records?: number): readonly string[];
  /** What it came to. */
  of(set: string): readonly string[];
}

export const SHELF_KEY = 'shelf-key-of-the-tests';

function page(request: RecordedRequest): ScriptedAnswer {
  const set = request.query.get('set') ?? '';
  const number = Number(request.query.get('page'));
  const pages = Number(request.query.get('pages'));
  const first = (number - 1) * PER_PAGE;
  const records = Array.from({ length: PER_PAGE }, (_, index) => `${set}/${first + index}`);
  const next = number < pages ? number + 1 : null;
  return { body: { records, next, total: pages * PER_PAGE } };
}

/** Starts the shelf. */
export async function startShelf(): Promise<Shelf> {
  const seen = new Set<string>();
  const answer = (request: RecordedRequest): ScriptedAnswer => {
    if (!shelf.keys.has(String(request.headers['x-shelf-key']))) {
      return { status: 401, body: { error: 'key' } };
    }
    if (request.path === '/me') return { body: { id: 'shelf-1' } };
    if (request.method === 'GET') return page(request);
    const { id } = JSON.parse(request.body) as { id: string };
    const key = String(request.headers['idempotency-key']);
    shelf.calls.count += 1;
    if (!seen.has(key)) shelf.applied.push(id);
    seen.add(key);
    return shelf.fault?.(id) ?? { body: { id } };
  };
  const shelf: Shelf = {
    server: await startScriptedServer(answer),
    keys: new Set([SHELF_KEY]),
    applied: [],
    calls: { count: 0 },
    fault: null,
    expected: (set, records = RECORDS) =>
      Array.from({ length: records }, (_, index) => `${set}/${index}`).sort(),
    of: (set) => shelf.applied.filter((id) => id.startsWith(`${set}/`)).sort(),
  };
  return shelf;
}

const pageSchema = z.object({
  records: z.array(z.string()),
  next: z.number().nullable(),
  total: z.number(),
});

/**
 * Copies a set, page after page, one job for each record. A page saves what it enqueued before it goes on, so that a job can die
 * between two commits of its own.
 */
export function copyIntegration(baseUrl: string): Integration {
  const shelf = defineConnector({
    name: 'shelf',
    display: { label: 'Shelf' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-shelf-key' } },
    baseUrl,
    limits: { maxAttempts: 1, attemptTimeoutMs: 5_000, concurrency: 50 },
    api: (http) => ({
      me: () => http.get('/me', { schema: z.object({ id: z.string() }) }),
      page: (set: string, number: number, pages: number) =>
        http.get(`/records?set=${set}&page=${number}&pages=${pages}`, { schema: pageSchema }),
      write: (id: string, key: string) =>
        http.post('/records', { json: { id }, headers: { 'idempotency-key': key } }),
    }),
    identity: async (api) => ({ externalId: (await api.me()).id }),
  });
  return defineIntegration({
    name: 'copy',
    version: '1.0.0',
    display: { label: 'Copy' },
    connections: { shelf },
    config: z.object({}),
    jobs: {
      page: {
        input: z.object({
          set: z.string(),
          page: z.number().int().default(1),
          pages: z.number().int().default(PAGES),
        }),
        retryDelayMs: 0,
        run: async (ctx) => {
          const { set, page: number, pages } = ctx.input;
          const found = await ctx.connections.shelf.api.page(set, number, pages);
          // What an earlier try of this page saved is not enqueued again.
          if (Number(ctx.run?.checkpoint ?? 0) < number) {
            for (const id of found.records) await ctx.jobs.enqueue('write', { id });
            ctx.run?.addProgress({ total: found.total });
            ctx.run?.setCheckpoint(number);
            await ctx.run?.save();
          }
          if (found.next === null) return;
          const key = `${ctx.run?.id ?? ''}/${found.next}`;
          await ctx.jobs.enqueue('page', { set, page: found.next, pages }, { key });
        },
      },
      write: {
        input: z.object({ id: z.string() }),
        maxAttempts: 10,
        retryDelayMs: 0,
        run: async (ctx) => {
          await ctx.connections.shelf.api.write(ctx.input.id, ctx.job.idempotencyKey);
          await ctx.mappings.upsert('record', [{ sourceId: ctx.input.id, targetId: ctx.input.id }]);
          ctx.run?.addProgress({ processed: 1, succeeded: 1 });
        },
      },
    },
  });
}
