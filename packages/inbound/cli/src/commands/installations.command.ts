import type { Installation, InstallationId } from '@tenon/core';
import { choiceFlag, textFlag } from '../flags.js';
import { timeCell } from '../operate/paging.js';
import { listCommand, thingCommand } from '../operate/tenant-commands.js';

const of = 'installation';
const flags = {
  integration: textFlag('NAME', 'Of this integration alone'),
  status: choiceFlag(
    ['creating', 'enabled', 'disabled', 'error', 'deleting'],
    'In this status alone',
  ),
};

/** `tenon installations list`. */
export const installationsListCommand = listCommand<Installation, typeof flags>({
  name: 'installations list',
  what: 'installations',
  flags,
  columns: [
    ['ID', ({ id }) => id],
    ['INTEGRATION', ({ integration }) => integration],
    ['STATUS', ({ status }) => status],
    ['CREATED', ({ createdAt }) => timeCell(createdAt)],
    ['NAME', ({ name }) => name],
  ],
  list: ({ commands, context }, page, { integration, status }) =>
    commands.installations.list(context, {
      ...page,
      ...(integration !== null && { integration }),
      ...(status !== null && { status }),
    }),
});

/** `tenon installations show`. */
export const installationsShowCommand = thingCommand({
  name: 'installations show',
  summary: 'Show an installation with its messages',
  of,
  work: ({ commands, context }, id) =>
    commands.installations.get(context, { installationId: id as InstallationId }),
});

/** `tenon installations enable`. */
export const installationsEnableCommand = thingCommand({
  name: 'installations enable',
  summary: 'Enable an installation; its parked jobs go on',
  of,
  work: ({ commands, context }, id) =>
    commands.installations.enable(context, { installationId: id as InstallationId }),
});

/** `tenon installations disable`. */
export const installationsDisableCommand = thingCommand({
  name: 'installations disable',
  summary: 'Disable an installation; its jobs are parked',
  of,
  work: ({ commands, context }, id) =>
    commands.installations.disable(context, { installationId: id as InstallationId }),
});
