import type { Display } from '../connector/connector.js';
import type { StandardSchemaV1 } from '../platform/standard-schema.js';
import type { Integration } from './integration.js';

/** An integration as a user interface needs it. Schemas are passed on; inbound adapters turn them into JSON Schema. */
export interface IntegrationView {
  readonly name: string;
  readonly version: string;
  readonly display: Display;
  /** Name of the connector of each slot. */
  readonly connections: Readonly<Record<string, string>>;
  readonly config: StandardSchemaV1;
  readonly jobs: readonly string[];
  readonly actions: Readonly<
    Record<string, { readonly display: Display | null; readonly input: StandardSchemaV1 | null }>
  >;
  readonly schedules: Readonly<
    Record<string, { readonly cron: string; readonly timeZone: string; readonly job: string }>
  >;
  readonly webhooks: readonly string[];
}

/** Describes an integration. */
export function toIntegrationView(integration: Integration): IntegrationView {
  const actions = Object.entries(integration.actions ?? {}).map(([name, action]) => [
    name,
    { display: action.display ?? null, input: action.input ?? null },
  ]);
  const schedules = Object.entries(integration.schedules ?? {}).map(([name, schedule]) => [
    name,
    { cron: schedule.cron, timeZone: schedule.timeZone ?? 'UTC', job: schedule.job },
  ]);
  return {
    name: integration.name,
    version: integration.version,
    display: integration.display,
    connections: Object.fromEntries(
      Object.entries(integration.connections).map(([slot, connector]) => [slot, connector.name]),
    ),
    config: integration.config,
    jobs: Object.keys(integration.jobs ?? {}),
    actions: Object.fromEntries(actions) as IntegrationView['actions'],
    schedules: Object.fromEntries(schedules) as IntegrationView['schedules'],
    webhooks: Object.keys(integration.webhooks ?? {}),
  };
}
