import type { LocalServers, RunningService } from '@tenon/core';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

/** What `tenon dev` serves. */
export interface Served {
  readonly url: string;
  readonly service: RunningService['summary'];
  readonly servers: LocalServers['summary'];
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** The addresses and names of what runs, for people. */
export function summaryText({ url, service, servers }: Served, style: Style): string {
  const rows = [
    ['API', `${url}/api`],
    ['Documentation', `${url}/docs`],
    ['Health', `${url}/health/ready`],
    ['Connectors', list(service.connectors)],
    ['Integrations', list(service.integrations)],
    ['Queues', list(service.queues)],
    ...servers.map(({ name, address }) => [name, address]),
  ];
  return table(rows.map(([name = '', value = '']) => [`  ${style.dim(name)}`, value]));
}
