import type { UserId, UserView } from '@tenon/core';
import { defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { choiceFlag, textFlag } from '../flags.js';
import { writeDetails } from '../operate/details.js';
import { timeCell } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';
import { tenantFlags, withTenant } from '../operate/with-tenant.js';

const kindFlag = choiceFlag(['individual', 'organization'], 'Kind of user');
const listFlags = { kind: kindFlag };

/** `tenon users list`. */
export const usersListCommand = listCommand<UserView, typeof listFlags>({
  name: 'users list',
  what: 'users',
  flags: listFlags,
  columns: [
    ['ID', ({ id }) => id],
    ['KIND', ({ kind }) => kind],
    ['STATUS', ({ status }) => status],
    ['APP USER', ({ appUserId }) => appUserId ?? '-'],
    ['CREATED', ({ createdAt }) => timeCell(createdAt)],
    ['USERNAME', ({ username }) => username ?? '-'],
  ],
  list: ({ commands, context }, page, { kind }) =>
    commands.users.list(context, { ...page, ...(kind !== null && { kind }) }),
});

/** `tenon users create`. Passwords are set over the API: arguments of programs can be read by others. */
export const usersCreateCommand = defineCommand({
  name: 'users create',
  summary: 'Create a user',
  flags: {
    kind: kindFlag,
    username: textFlag('NAME', 'Name to log in with'),
    email: textFlag('ADDRESS', 'E-mail address'),
    'app-user': textFlag('ID', "The product's own id of this user"),
    ...tenantFlags,
  },
  run: (flags, io) =>
    withTenant(io, flags, async ({ commands, context }) => {
      const { kind, username, email, 'app-user': appUserId, json } = flags;
      const user = await commands.users.create(context, {
        kind: kind ?? 'individual',
        ...(username !== null && { username }),
        ...(email !== null && { email }),
        ...(appUserId !== null && { appUserId }),
      });
      writeDetails(io, user, json);
      return exitCodes.ok;
    }),
});

/** `tenon users show`. */
export const usersShowCommand = thingCommand({
  name: 'users show',
  summary: 'Show a user',
  of: 'user',
  work: ({ commands, context }, id) => commands.users.get(context, { userId: id as UserId }),
});

/** `tenon users delete`. */
export const usersDeleteCommand = thingCommand({
  name: 'users delete',
  summary: 'Revoke a user that owns no installations or connections any more, with its tokens',
  of: 'user',
  done: 'Deleted.',
  work: ({ commands, context }, id) => commands.users.delete(context, { userId: id as UserId }),
});
