import { NotFoundError } from '@tenon/core';
import type { Persistence, TrialOptions } from '@tenon/core';

/** Copies what a job is about: tenant, installation, connections without credentials, their owners, addresses of webhooks. */
export async function copyForTrial(
  from: Persistence,
  to: Persistence,
  { tenantId, installationId, connectionIds }: TrialOptions,
): Promise<void> {
  const tenant = await from.tenants.find(tenantId);
  if (!tenant) throw new NotFoundError('tenant', tenantId);
  const installation =
    installationId === null ? null : await from.installations.find(tenantId, installationId);
  const bound = Object.values(installation?.connections ?? {});
  const connections = await from.connections.findMany(tenantId, [
    ...new Set([...connectionIds, ...bound]),
  ]);
  const owners = [installation, ...connections].flatMap((each) => each?.userId ?? []);
  const users = await Promise.all(
    [...new Set(owners)].map((userId) => from.users.find(tenantId, userId)),
  );
  const endpoints =
    installationId === null ? [] : await from.webhookEndpoints.list(tenantId, installationId);
  await to.tenants.insert(tenant);
  for (const user of users) if (user) await to.users.insert(user);
  for (const connection of connections) await to.connections.insert(connection);
  if (installation) await to.installations.insert(installation);
  for (const endpoint of endpoints) await to.webhookEndpoints.ensure(endpoint);
}
