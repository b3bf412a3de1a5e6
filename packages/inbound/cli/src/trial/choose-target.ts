import { nearestName } from '@tenon/core';
import type {
  Commands,
  Connection,
  ConnectionId,
  Context,
  Installation,
  InstallationId,
} from '@tenon/core';
import { UsageError } from '../cli.errors.js';

/** What a job is tried on: an installation that is there, or connections to make one on. */
export type Target =
  | { readonly installation: Installation }
  | { readonly connections: Readonly<Record<string, ConnectionId>> };

/** What the command line said of it. */
export interface TargetWish {
  readonly integration: string;
  readonly installation: string | null;
  /** `SLOT=ID`. */
  readonly connections: readonly string[];
}

function given(wish: TargetWish, slots: readonly string[]): Map<string, ConnectionId> {
  const pairs = wish.connections.map((text) => {
    const at = text.indexOf('=');
    const slot = text.slice(0, Math.max(at, 0));
    if (at < 1)
      throw new UsageError(`--connection is written SLOT=ID, not '${text.slice(0, 100)}'`);
    if (!slots.includes(slot)) {
      const nearest = nearestName(slot, slots);
      const hint = nearest ? `did you mean '${nearest}'?` : `slots: ${slots.join(', ')}`;
      throw new UsageError(`'${wish.integration}' has no slot '${slot.slice(0, 100)}'; ${hint}`);
    }
    return [slot, text.slice(at + 1) as ConnectionId] as const;
  });
  return new Map(pairs);
}

async function onlyConnection(
  commands: Commands,
  context: Context,
  { slot, connector }: { readonly slot: string; readonly connector: string },
): Promise<Connection> {
  const query = { connector, state: 'active', limit: 2 } as const;
  const { items } = await commands.connections.list(context, query);
  const [only, second] = items;
  if (only && !second) return only;
  throw new UsageError(
    only
      ? `There are several connections to '${connector}': name one with --connection ${slot}=ID; tenon connections list --connector ${connector} shows them`
      : `There is no working connection to '${connector}': tenon connect ${connector} makes one`,
  );
}

async function namedInstallation(
  commands: Commands,
  context: Context,
  wish: { readonly integration: string; readonly id: string },
): Promise<Installation> {
  const installationId = wish.id as InstallationId;
  const installation = await commands.installations.get(context, { installationId });
  if (installation.integration === wish.integration) return installation;
  throw new UsageError(
    `The installation '${wish.id}' is one of '${installation.integration}', not of '${wish.integration}'`,
  );
}

/** The installation that is named, the only one, or connections to install on. @throws UsageError. */
export async function chooseTarget(
  commands: Commands,
  context: Context,
  wish: TargetWish,
): Promise<Target> {
  const { integration } = wish;
  if (wish.installation !== null) {
    if (wish.connections.length > 0) {
      throw new UsageError('--connection is for a new installation, which --installation is not');
    }
    const named = { integration, id: wish.installation };
    return { installation: await namedInstallation(commands, context, named) };
  }
  if (wish.connections.length === 0) {
    const listed = await commands.installations.list(context, { integration, limit: 2 });
    const [only, second] = listed.items;
    if (only && !second) return { installation: only };
    if (only) {
      throw new UsageError(
        `'${integration}' is installed several times: name one with --installation ID; tenon installations list --integration ${integration} shows them`,
      );
    }
  }
  const { connections: slots } = await commands.integrations.get(context, { integration });
  const chosen = given(wish, Object.keys(slots));
  for (const [slot, connector] of Object.entries(slots)) {
    if (chosen.has(slot)) continue;
    chosen.set(slot, (await onlyConnection(commands, context, { slot, connector })).id);
  }
  return { connections: Object.fromEntries(chosen) };
}

/** The job that is named, or the only one. @throws UsageError. */
export function chooseJob(
  integration: string,
  jobs: readonly string[],
  wanted: string | null,
): string {
  const [only, second] = jobs;
  if (wanted === null) {
    if (only !== undefined && second === undefined) return only;
    const known = jobs.length === 0 ? 'It has none' : `Name one with --job: ${jobs.join(', ')}`;
    throw new UsageError(`Which job of '${integration}'? ${known}`);
  }
  if (jobs.includes(wanted)) return wanted;
  const nearest = nearestName(wanted, jobs);
  const hint = nearest ? `did you mean '${nearest}'?` : `jobs: ${jobs.join(', ') || 'none'}`;
  throw new UsageError(`'${integration}' has no job '${wanted}'; ${hint}`);
}
