import { CALLBACK_PATH } from '@tenon/core';
import type { LocalServers, RunningService } from '@tenon/core';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

/** What `tenon dev` serves. */
export interface Served {
  readonly url: string;
  /** Where others reach it. */
  readonly tunnelUrl: string | null;
  readonly service: RunningService['summary'];
  readonly servers: LocalServers['summary'];
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** What to register with providers: addresses that they reach, and that they compare letter by letter. */
function registered(tunnelUrl: string | null): string[][] {
  if (tunnelUrl === null) return [];
  return [
    ['Public address', tunnelUrl],
    ['Redirect URI', `${tunnelUrl}${CALLBACK_PATH}   (register it with every OAuth provider)`],
    ['Webhooks', `${tunnelUrl}/api/webhooks/…   (made from now on; older ones keep their address)`],
  ];
}

/** The addresses and names of what runs, for people. */
export function summaryText(served: Served, style: Style): string {
  const { url, tunnelUrl, service, servers } = served;
  const rows = [
    ['API', `${url}/api`],
    ['Websockets', `${url.replace('http', 'ws')}/ws`],
    ['Documentation', `${url}/docs`],
    ['Health', `${url}/health/ready`],
    ['Connectors', list(service.connectors)],
    ['Integrations', list(service.integrations)],
    ['Queues', list(service.queues)],
    ...registered(tunnelUrl),
    ...servers.map(({ name, address }) => [name, address]),
  ];
  return table(rows.map(([name = '', value = '']) => [`  ${style.dim(name)}`, value]));
}
