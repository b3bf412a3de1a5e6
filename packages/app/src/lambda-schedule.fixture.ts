import { createScheduleHandler } from '@tenon/lambda';
import { load } from './lambda-app.fixture.js';

const MINUTE_MS = 60_000;

export const handler = createScheduleHandler({
  useDatabase: async () => (await load()).prepare(),
  tick: async ({ at, input }, { requestId }) => {
    const { commands, adapters } = await load();
    const context = { requestId, actor: 'system', logger: adapters.logger } as const;
    const fired = await commands.schedules.fire(context, { input, at });
    if (fired) return { fired };
    const since = new Date(at.getTime() - MINUTE_MS);
    await commands.schedules.tick(context, { since });
    const { relayed } = await commands.jobs.relayOutbox(context, {});
    await commands.maintenance.sweep(context, {});
    return { relayed };
  },
});
