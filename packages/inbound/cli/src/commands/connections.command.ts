import type { Connection, ConnectionId } from '@tenon/core';
import { choiceFlag, textFlag } from '../flags.js';
import { timeCell } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';

const of = 'connection';
const flags = {
  connector: textFlag('NAME', 'Of this connector alone'),
  state: choiceFlag(['active', 'needs_reauthorization', 'disabled'], 'In this state alone'),
};

/** `tenon connections list`. */
export const connectionsListCommand = listCommand<Connection, typeof flags>({
  name: 'connections list',
  what: 'connections',
  flags,
  columns: [
    ['ID', ({ id }) => id],
    ['CONNECTOR', ({ connector }) => connector],
    ['STATE', ({ state }) => state],
    ['USER', ({ userId }) => userId],
    ['TESTED', ({ lastTestedAt }) => timeCell(lastTestedAt)],
    ['NAME', ({ name }) => name],
  ],
  list: ({ commands, context }, page, { connector, state }) =>
    commands.connections.list(context, {
      ...page,
      ...(connector !== null && { connector }),
      ...(state !== null && { state }),
    }),
});

/** `tenon connections show`. */
export const connectionsShowCommand = thingCommand({
  name: 'connections show',
  summary: 'Show a connection, without its credential',
  of,
  work: ({ commands, context }, id) =>
    commands.connections.get(context, { connectionId: id as ConnectionId }),
});

/** `tenon connections test`. */
export const connectionsTestCommand = thingCommand({
  name: 'connections test',
  summary: 'Try the credential of a connection',
  of,
  work: async ({ commands, context }, id) => {
    const input = { connectionId: id as ConnectionId };
    const { ok, connection, problem } = await commands.connections.test(context, input);
    return { ok, id: connection.id, state: connection.state, problem };
  },
});

/** `tenon connections delete`. */
export const connectionsDeleteCommand = thingCommand({
  name: 'connections delete',
  summary: 'Revoke a connection at its provider, where it can be, and delete it',
  of,
  done: 'Deleted.',
  work: ({ commands, context }, id) =>
    commands.connections.delete(context, { connectionId: id as ConnectionId }),
});
