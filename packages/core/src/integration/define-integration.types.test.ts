import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineConnector, defineIntegration, secret } from '@tenon/core';
import type { Integration, RunId } from '@tenon/core';

const crm = defineConnector({
  name: 'crm',
  display: { label: 'CRM' },
  auth: {
    type: 'oauth2',
    authorizationUrl: 'https://crm.example/authorize',
    tokenUrl: 'https://crm.example/token',
    clientId: 'id',
    clientSecret: secret('s'),
    scopes: ['contacts'],
  },
  baseUrl: 'https://crm.example/api',
  webhooks: { type: 'standard-webhooks' },
  api: (http) => ({
    contacts: (cursor: string | null) =>
      http.get('/contacts', {
        query: { cursor: cursor ?? undefined },
        schema: z.object({
          items: z.array(z.object({ id: z.string() })),
          next: z.string().nullable(),
        }),
      }),
  }),
  identity: async (api) => ({ externalId: (await api.contacts(null)).items[0]?.id ?? 'none' }),
});

const desk = defineConnector({
  name: 'desk',
  display: { label: 'Desk' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } },
  baseUrl: 'https://desk.example',
  api: (http) => ({ upsert: (ids: string[]) => http.post('/batch', { json: { ids } }) }),
  identity: () => Promise.resolve({ externalId: 'a' }),
});

describe('defineIntegration', () => {
  it('infers the types of clients, config, inputs, jobs and actions', () => {
    const integration = defineIntegration({
      name: 'crm-to-desk',
      version: '1.0.0',
      display: { label: 'CRM to desk' },
      connections: { crm, desk },
      config: z.object({ pageSize: z.number().default(100) }),
      jobs: {
        backfill: {
          run: async (ctx) => {
            const input: undefined = ctx.input;
            await ctx.jobs.enqueue('page', { cursor: null, since: '2026-01-01' });
            await ctx.jobs.enqueue('backfill');
            // @ts-expect-error there is no such job
            await ctx.jobs.enqueue('pages', { cursor: null });
            // @ts-expect-error the input of 'page' needs since
            await ctx.jobs.enqueue('page', { cursor: null });
            // @ts-expect-error the input of 'page' is missing
            await ctx.jobs.enqueue('page');
            return input;
          },
        },
        page: {
          input: z.object({ cursor: z.string().nullable(), since: z.coerce.date() }),
          run: async (ctx) => {
            const since: Date = ctx.input.since;
            const page = await ctx.connections.crm.api.contacts(ctx.input.cursor);
            const ids: string[] = page.items.map((item) => item.id);
            const size: number = ctx.config.pageSize;
            await ctx.connections.desk.api.upsert(ids.slice(0, size));
            // @ts-expect-error the desk has no contacts
            ctx.connections.desk.api.contacts;
            // @ts-expect-error there is no such connection
            ctx.connections.other;
            ctx.run?.setCheckpoint({ cursor: page.next, since: since.toISOString() });
          },
        },
      },
      webhooks: {
        crm: async (ctx) => {
          if (ctx.event.data['type'] !== 'contact.updated') ctx.skip('not a contact');
          await ctx.jobs.enqueue(
            'page',
            { cursor: null, since: '2026-01-01' },
            { key: ctx.event.deliveryKey },
          );
        },
      },
      schedules: { nightly: { cron: '0 2 * * *', job: 'backfill' } },
      actions: {
        resync: {
          input: z.object({ full: z.boolean() }),
          run: async (ctx) => {
            const full: boolean = ctx.input.full;
            const run: RunId = await ctx.jobs.start('backfill', undefined, {
              runKey: `full-${full}`,
            });
            return { run };
          },
        },
        ping: { run: () => 'pong' },
      },
      onCreate: async (ctx) => {
        const { url } = await ctx.webhooks.endpoint('crm');
        // @ts-expect-error there is no such slot
        await ctx.webhooks.endpoint('nothing');
        await ctx.webhooks.setSecret('crm', url);
        await ctx.jobs.start('backfill');
      },
    });
    const erased: Integration = integration;
    expect(Object.keys(erased.jobs ?? {})).toEqual(['backfill', 'page']);
  });

  it('refuses definitions that cannot work and says why', () => {
    const base = {
      version: '1',
      display: { label: 'x' },
      connections: { desk },
      config: z.object({}),
    };
    expect(() => defineIntegration({ ...base, name: 'Bad Name' })).toThrow(/lower-case letters/);
    expect(() =>
      defineIntegration({ ...base, name: 'a', webhooks: { desk: () => undefined } }),
    ).toThrow(/does not say how its webhooks are signed/);
    expect(() =>
      defineIntegration({ ...base, name: 'a', ...{ onCreated: () => undefined } }),
    ).toThrow(/unknown option 'onCreated'; did you mean 'onCreate'/);
  });
});
