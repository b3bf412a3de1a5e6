import { parseObject, readBytes } from '../http/request-body.js';
import type { Route } from '../http/router.js';
import { badRequest, notFound, unprocessable } from '../http/service-error.js';
import type { Desk } from './desk.js';

/** The desk's API. */
export function deskRoutes(desk: Desk): Route[] {
  return [
    {
      method: 'GET',
      path: '/account',
      handle: () => ({
        status: 200,
        body: { id: 'desk-1', name: 'Example Desk', plan: 'standard' },
      }),
    },
    {
      method: 'POST',
      path: '/records/batch',
      handle: async ({ request }) => {
        const key = readKey(request.headers['idempotency-key']);
        const { results, replayed } = await desk.takeBatch(await readBytes(request), key);
        const headers = { 'idempotent-replayed': String(replayed) };
        return { status: 200, headers, body: { results } };
      },
    },
    {
      method: 'GET',
      path: '/records/count',
      handle: () => ({ status: 200, body: { count: desk.store.count } }),
    },
    {
      method: 'GET',
      path: '/records/:externalId',
      handle: ({ params }) => {
        const id = params['externalId'] ?? '';
        const record = desk.store.get(id);
        if (record === undefined) throw notFound(`There is no record ${id}.`);
        return { status: 200, body: record };
      },
    },
    {
      method: 'GET',
      path: '/records',
      handle: ({ query }) => {
        const start = readPosition(query.get('cursor'));
        const items = desk.store.slice(start, readLimit(query.get('limit')));
        const end = start + items.length;
        const nextCursor = end < desk.store.count ? String(end) : null;
        return { status: 200, body: { items, nextCursor, total: desk.store.count } };
      },
    },
  ];
}

/** Endpoints under `/__control/` with which a demo or test looks inside and makes things happen. */
export function deskControlRoutes(desk: Desk): Route[] {
  return [
    {
      method: 'GET',
      path: '/__control/stats',
      handle: () => ({ status: 200, body: desk.report() }),
    },
    {
      method: 'POST',
      path: '/__control/reset',
      handle: () => {
        desk.reset();
        return { status: 200, body: { reset: true } };
      },
    },
    {
      method: 'POST',
      path: '/__control/outages',
      handle: async ({ request }) => {
        const { settings } = desk.outages;
        for (const [field, value] of Object.entries(parseObject(await readBytes(request)))) {
          if (!isSetting(field, settings) || typeof value !== 'number' || !(value >= 0)) {
            const known = Object.keys(settings).join(', ');
            throw unprocessable('invalid_field', `Outages have ${known}, numbers of at least 0.`);
          }
          settings[field] = value;
        }
        return { status: 200, body: settings };
      },
    },
  ];
}

function isSetting<Settings extends object>(
  field: string,
  settings: Settings,
): field is keyof Settings & string {
  return Object.hasOwn(settings, field);
}

function readKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && header.length >= 1 && header.length <= 200) return header;
  throw badRequest('invalid_idempotency_key', 'Idempotency-Key has 1 to 200 characters.');
}

function readPosition(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw badRequest('invalid_cursor', 'The cursor is not one of this API.');
}

function readLimit(value: string | null): number {
  if (value === null) return 100;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw badRequest('invalid_limit', 'limit must be a whole number from 1 to 1000.');
}
