import type { Tenant, TenantId } from '@tenon/core';
import { withApp } from '../app/with-app.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import type { Command } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { writeDetails } from '../operate/details.js';
import { pageFlags, pageRequest, timeCell, writePage } from '../operate/paging.js';
import type { Column } from '../operate/paging.js';
import { word } from '../words.js';

const columns: readonly Column<Tenant>[] = [
  ['ID', ({ id }) => id],
  ['STATUS', ({ status }) => status],
  ['CREATED', ({ createdAt }) => timeCell(createdAt)],
  ['NAME', ({ name }) => name],
];

/** `tenon tenants list`. */
export const tenantsListCommand = defineCommand({
  name: 'tenants list',
  summary: 'List tenants, newest first',
  flags: { ...pageFlags, app: appFlag, json: jsonFlag },
  run: (flags, io) =>
    withApp(io, flags.app, async ({ commands, context }) => {
      const page = await commands.tenants.list(context, pageRequest(flags));
      writePage(io, page, { json: flags.json, what: 'tenants', columns });
      return exitCodes.ok;
    }),
});

/** `tenon tenants create`. */
export const tenantsCreateCommand = defineCommand({
  name: 'tenants create',
  summary: 'Create a tenant',
  words: { name: word('NAME', 'What the tenant is called') },
  flags: { app: appFlag, json: jsonFlag },
  run: ({ name, app, json }, io) =>
    withApp(io, app, async ({ commands, context }) => {
      writeDetails(io, await commands.tenants.create(context, { name }), json);
      return exitCodes.ok;
    }),
});

function statusCommand(name: string, summary: string, status: 'active' | 'suspended'): Command {
  return defineCommand({
    name,
    summary,
    words: { id: word('ID', 'the id of the tenant') },
    flags: { app: appFlag, json: jsonFlag },
    run: ({ id, app, json }, io) =>
      withApp(io, app, async ({ commands, context }) => {
        const wish = { tenantId: id as TenantId, status };
        writeDetails(io, await commands.tenants.setStatus(context, wish), json);
        return exitCodes.ok;
      }),
  });
}

/** `tenon tenants suspend`. */
export const tenantsSuspendCommand = statusCommand(
  'tenants suspend',
  'Suspend a tenant: its users are refused, its jobs are parked',
  'suspended',
);

/** `tenon tenants activate`. */
export const tenantsActivateCommand = statusCommand(
  'tenants activate',
  'Make a suspended tenant active again; its parked jobs go on',
  'active',
);
