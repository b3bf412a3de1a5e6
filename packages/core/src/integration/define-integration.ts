import { NAME_PATTERN } from '../connector/connector.js';
import { WEBHOOK_JOB } from '../job/job.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import { nearestName, rejectUnknownKeys } from '../platform/options.js';
import type { StandardSchemaV1 } from '../platform/standard-schema.js';
import type { ConnectionSlots, SchemaMap } from './integration-context.js';
import type { Integration, IntegrationDefinition } from './integration.js';

const KEYS = [
  'name',
  'version',
  'display',
  'connections',
  'config',
  'onCreate',
  'onUpdate',
  'onDelete',
  'jobs',
  'webhooks',
  'schedules',
  'actions',
];

function fail(integration: string, message: string): never {
  throw new MisconfiguredError(`Integration '${integration}': ${message}`, { integration });
}

function checkName(integration: string, what: string, name: string): void {
  if (name === WEBHOOK_JOB || !/^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/.test(name)) {
    fail(
      integration,
      `the ${what} name '${name}' must have 1 to 63 letters, digits, dashes and underscores`,
    );
  }
}

function checkWebhooks(integration: Integration): void {
  for (const slot of Object.keys(integration.webhooks ?? {})) {
    const connector = integration.connections[slot];
    if (!connector)
      fail(
        integration.name,
        `webhooks name the slot '${slot}', which connections does not declare`,
      );
    if (!connector.webhooks) {
      fail(
        integration.name,
        `the connector '${connector.name}' of slot '${slot}' does not say how its webhooks are signed`,
      );
    }
  }
}

function checkSchedules(integration: Integration): void {
  const jobs = Object.keys(integration.jobs ?? {});
  for (const [name, schedule] of Object.entries(integration.schedules ?? {})) {
    checkName(integration.name, 'schedule', name);
    if (jobs.includes(schedule.job)) continue;
    const nearest = nearestName(schedule.job, jobs);
    fail(
      integration.name,
      `the schedule '${name}' names the job '${schedule.job}', which does not exist${nearest ? `; did you mean '${nearest}'?` : ''}`,
    );
  }
}

function check(integration: Integration): void {
  rejectUnknownKeys(`Integration '${integration.name}'`, integration, KEYS);
  if (!NAME_PATTERN.test(integration.name)) {
    fail(
      integration.name,
      'a name has 1 to 63 lower-case letters, digits and dashes, and begins with a letter',
    );
  }
  if (!integration.version) fail(integration.name, 'version is missing');
  if (Object.keys(integration.connections).length === 0)
    fail(integration.name, 'it needs at least one connection');
  for (const slot of Object.keys(integration.connections))
    checkName(integration.name, 'slot', slot);
  for (const [name, job] of Object.entries(integration.jobs ?? {})) {
    checkName(integration.name, 'job', name);
    rejectUnknownKeys(`Job '${name}' of '${integration.name}'`, job, [
      'input',
      'run',
      'queue',
      'maxAttempts',
      'retryDelayMs',
      'timeoutMs',
    ]);
  }
  for (const name of Object.keys(integration.actions ?? {}))
    checkName(integration.name, 'action', name);
  checkWebhooks(integration);
  checkSchedules(integration);
}

/**
 * Checks an integration's definition. Types flow from it into every handler: `ctx.connections.<slot>.api` has the type of the
 * connector's client, `ctx.config` and `ctx.input` those of the schemas, `ctx.jobs.enqueue` knows the declared jobs.
 * @throws MisconfiguredError naming the integration, the place and what is right.
 */
export function defineIntegration<
  const Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap = Record<never, never>,
  Actions extends SchemaMap = Record<never, never>,
>(
  definition: IntegrationDefinition<Slots, Config, Jobs, Actions>,
): IntegrationDefinition<Slots, Config, Jobs, Actions> {
  check(definition as unknown as Integration);
  return Object.freeze({ ...definition });
}
