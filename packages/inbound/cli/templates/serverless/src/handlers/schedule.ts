import { createScheduleHandler } from '@tenon/lambda';
import { load } from './load.js';

const MINUTE_MS = 60_000;

/** Called every minute: starts what is due, hands over the outbox, deletes what has expired. Called by a timer: starts its schedule. */
export const handler = createScheduleHandler({
  useDatabase: async () => (await load()).prepare(),
  tick: async ({ at, input }, { requestId }) => {
    const { commands, adapters } = await load();
    const context = { requestId, actor: 'system', logger: adapters.logger } as const;
    if (await commands.schedules.fire(context, { input, at })) return;
    await commands.schedules.tick(context, { since: new Date(at.getTime() - MINUTE_MS) });
    await commands.jobs.relayOutbox(context, {});
    await commands.maintenance.sweep(context, {});
  },
});
