import { createHash } from 'node:crypto';
import { defineIntegration } from '@tenon/core';
import { z } from 'zod';
import type { Contact, crmConnector } from '../connectors/crm.js';
import { DESK_BATCH } from '../connectors/desk.js';
import type { DeskRecord, DeskResult, deskConnector } from '../connectors/desk.js';

/** The connectors that the integration runs between. */
export interface Sides {
  readonly crm: ReturnType<typeof crmConnector>;
  readonly desk: ReturnType<typeof deskConnector>;
}

const webhookEvent = z.object({ type: z.string(), data: z.object({ id: z.string() }) });

function toRecord({ id, name, country, population }: Contact): DeskRecord {
  return { externalId: id, name, country, population };
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/**
 * One key per try of the same content: a page that is read again after a crash may have changed, and the desk refuses a known
 * key with another body.
 */
function keyOf(work: string, records: readonly DeskRecord[]): string {
  return `${work}/${createHash('sha256').update(JSON.stringify(records)).digest('base64url')}`;
}

const isRejected = (result: DeskResult): boolean => result.status === 'rejected';

/** Carries contacts of the CRM to the desk: all of them once, then each change as its webhook comes. */
export function crmToDesk(sides: Sides) {
  return defineIntegration({
    name: 'crm-to-desk',
    version: '1.0.0',
    display: { label: 'CRM to desk', description: 'Keeps the desk in step with the CRM' },
    connections: { crm: sides.crm, desk: sides.desk },
    config: z.object({ pageSize: z.number().int().min(1).max(1000).default(1000) }),
    onCreate: async (ctx) => {
      const { url } = await ctx.webhooks.endpoint('crm');
      const { id, secret } = await ctx.connections.crm.api.webhooks.subscribe(url);
      await ctx.webhooks.setSecret('crm', secret, id);
      await ctx.jobs.start('page', { cursor: null }, { runKey: 'first' });
    },
    onDelete: async (ctx) => {
      const { externalId } = await ctx.webhooks.endpoint('crm');
      if (externalId !== null) await ctx.connections.crm.api.webhooks.unsubscribe(externalId);
    },
    jobs: {
      page: {
        input: z.object({ cursor: z.string().nullable() }),
        maxAttempts: 20,
        retryDelayMs: 500,
        run: async (ctx) => {
          const { crm, desk } = ctx.connections;
          const page = await crm.api.contacts.page(ctx.input.cursor, ctx.config.pageSize);
          const batches = batchesOf(page.items.map(toRecord), DESK_BATCH);
          const answers = await Promise.all(
            batches.map((batch) => desk.api.upsert(batch, keyOf(ctx.job.idempotencyKey, batch))),
          );
          const results = answers.flat();
          await ctx.mappings.upsert(
            'contact',
            results.map(({ externalId, status }) => ({
              sourceId: externalId,
              targetId: externalId,
              state: { status },
            })),
          );
          const failed = results.filter(isRejected).length;
          ctx.run?.addProgress({
            total: page.total,
            processed: results.length,
            succeeded: results.length - failed,
            failed,
          });
          if (failed > 0)
            ctx.addMessage(
              'warning',
              'DESK_REJECTED',
              `The desk refused ${failed} records of a page`,
            );
          if (page.nextCursor !== null) await ctx.jobs.enqueue('page', { cursor: page.nextCursor });
        },
      },
    },
    webhooks: {
      crm: async (ctx) => {
        const event = webhookEvent.safeParse(ctx.event.data);
        if (!event.success || event.data.type !== 'contact.updated') {
          ctx.skip('not a changed contact');
          return;
        }
        // The contact is read again: deliveries may come late or out of order.
        const contact = await ctx.connections.crm.api.contacts.get(event.data.data.id);
        const records = [toRecord(contact)];
        const key = keyOf(ctx.event.deliveryKey, records);
        const [result] = await ctx.connections.desk.api.upsert(records, key);
        if (result && isRejected(result)) {
          ctx.addMessage('warning', 'DESK_REJECTED', `The desk refused the contact ${contact.id}`);
        }
      },
    },
    actions: {
      resync: {
        display: { label: 'Send everything again' },
        input: z.object({ key: z.string() }),
        run: async (ctx) => ({
          runId: await ctx.jobs.start('page', { cursor: null }, { runKey: ctx.input.key }),
        }),
      },
    },
  });
}
