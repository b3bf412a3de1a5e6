import { createScheduleHandler } from '@tenon/lambda';
import { load } from './load.js';

const MINUTE_MS = 60_000;

/** Called every minute: starts what is due, hands over the outbox, deletes what has expired. */
export const handler = createScheduleHandler({
  useDatabase: async () => (await load()).prepare(),
  tick: async ({ at }, { requestId }) => {
    const { commands, adapters } = await load();
    const context = { requestId, actor: 'system', logger: adapters.logger } as const;
    await commands.schedules.tick(context, { since: new Date(at.getTime() - MINUTE_MS) });
    await commands.jobs.relayOutbox(context, {});
    await commands.maintenance.sweep(context, {});
  },
});
