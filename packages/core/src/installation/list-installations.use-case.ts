import type { Connection, ConnectionId } from '../connection/connection.js';
import { mayAccess, requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { InputCheck } from '../platform/input-check.js';
import { toPageQuery } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import { installationIncludes } from './installation-page.js';
import type { InstallationPage, ListInstallationsInput } from './installation-page.js';
import type { Installation } from './installation.js';

/**
 * Lists the installations that the caller may see, newest first; with their connections in one statement more, however many they are.
 * Throws `VALIDATION_FAILED` for a page that is none and for an unknown `include`.
 */
export class ListInstallations {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'installations' | 'connections'>;
    },
  ) {}

  async execute(context: Context, input: ListInstallationsInput): Promise<InstallationPage> {
    requireScope(context, 'installations:read');
    const { integration, status, include = [] } = input;
    const check = new InputCheck('The list');
    const known = include.every((each) => installationIncludes.includes(each));
    check.expect(known, 'include', `one or more of ${installationIncludes.join(', ')}`);
    check.done();
    if (include.includes('connections')) requireScope(context, 'connections:read');
    const userId = visibleUser(context);
    const filter = {
      ...(userId !== undefined && { userId }),
      ...(integration !== undefined && { integration }),
      ...(status !== undefined && { status }),
    };
    const { installations } = this.parts.persistence;
    const page = await installations.list(context.tenantId, filter, toPageQuery(input));
    if (!include.includes('connections')) return page;
    return { ...page, included: { connections: await this.#connections(context, page.items) } };
  }

  async #connections(
    context: Context,
    items: readonly Installation[],
  ): Promise<readonly Connection[]> {
    const ids = new Set<ConnectionId>(
      items.flatMap(({ connections }) => Object.values(connections)),
    );
    if (ids.size === 0) return [];
    const { connections } = this.parts.persistence;
    const found = await connections.findMany(context.tenantId, [...ids].sort());
    return found.filter(({ userId }) => mayAccess(context, userId));
  }
}
