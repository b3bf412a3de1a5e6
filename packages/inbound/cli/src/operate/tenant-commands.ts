import type { Page, PageRequest } from '@tenon/core';
import { defineCommand } from '../command.js';
import type { Command } from '../command.js';
import { exitCodes } from '../exit-code.js';
import type { Flags, FlagValues } from '../flags.js';
import { word } from '../words.js';
import { writeDetails } from './details.js';
import { pageFlags, pageRequest, writeJson, writePage } from './paging.js';
import type { Column } from './paging.js';
import { tenantFlags, withTenant } from './with-tenant.js';
import type { OpenTenant } from './with-tenant.js';

const commonFlags = { ...pageFlags, ...tenantFlags };

/** A command that lists things of a tenant. */
export function listCommand<T, const F extends Flags>(definition: {
  readonly name: string;
  /** What is listed, in the plural. */
  readonly what: string;
  /** What the list may be narrowed by. */
  readonly flags: F;
  readonly columns: readonly Column<T>[];
  list(tenant: OpenTenant, page: PageRequest, filters: FlagValues<F>): Promise<Page<T>>;
}): Command {
  const { name, what, columns } = definition;
  return defineCommand<typeof commonFlags>({
    name,
    summary: `List ${what}, newest first`,
    flags: { ...definition.flags, ...commonFlags },
    run: (values, io) =>
      withTenant(io, values, async (tenant) => {
        const filters = values as unknown as FlagValues<F>;
        const page = await definition.list(tenant, pageRequest(values), filters);
        writePage(io, page, { json: values.json, what, columns });
        return exitCodes.ok;
      }),
  });
}

/** A command on one thing of a tenant. It shows the thing as it is then, or says what was done when nothing is left to show. */
export function thingCommand(definition: {
  readonly name: string;
  readonly summary: string;
  /** What the id is of. */
  readonly of: string;
  /** Said when `work` answers nothing. */
  readonly done?: string;
  work(tenant: OpenTenant, id: string): Promise<object | void>;
}): Command {
  const { name, summary, of, done = 'Done.' } = definition;
  return defineCommand({
    name,
    summary,
    words: { id: word('ID', `the id of the ${of}`) },
    flags: tenantFlags,
    run: (values, io) =>
      withTenant(io, values, async (tenant) => {
        const { id, json } = values;
        const thing = await definition.work(tenant, id);
        if (thing) writeDetails(io, thing, json);
        else if (json) writeJson(io, { id });
        else io.stdout.write(`${done}\n`);
        return exitCodes.ok;
      }),
  });
}
