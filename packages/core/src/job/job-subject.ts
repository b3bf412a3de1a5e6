import {
  connectionDisabled,
  connectionNeedsReauthorization,
} from '../connection/connection.errors.js';
import type { Connection } from '../connection/connection.js';
import type { Installation } from '../installation/installation.js';
import type { Integration } from '../integration/integration.js';
import { NotFoundError } from '../platform/common.errors.js';
import { TenonError } from '../platform/tenon.error.js';
import { runCancelled } from '../run/run.errors.js';
import type { Run } from '../run/run.js';
import type { Tenant } from '../tenant/tenant.js';
import type { DeadLetterReason } from './dead-letter.js';
import type { JobParts } from './job-parts.js';
import type { JobMessage } from './job.js';

/** Everything that a job is about, as it is now. */
export interface JobSubject {
  readonly tenant: Tenant;
  readonly installation: Installation;
  /** Null when this app has no such integration. */
  readonly integration: Integration | null;
  /** By slot. */
  readonly connections: ReadonlyMap<string, Connection>;
  readonly run: Run | null;
}

/** Why a job cannot run now, though it may later. */
export interface Blockage {
  readonly reason: Exclude<DeadLetterReason, 'failed'>;
  readonly error: TenonError;
}

/** The connections of an installation, by slot; those that are gone are left out. */
export async function connectionsOf(
  { persistence }: Pick<JobParts, 'persistence'>,
  installation: Installation,
): Promise<ReadonlyMap<string, Connection>> {
  const slots = Object.entries(installation.connections);
  const ids = [...new Set(slots.map(([, id]) => id))];
  const found = await persistence.connections.findMany(installation.tenantId, ids);
  const byId = new Map(found.map((connection) => [connection.id, connection]));
  return new Map(
    slots.flatMap(([slot, id]) => {
      const connection = byId.get(id);
      return connection ? [[slot, connection] as const] : [];
    }),
  );
}

/** Null when the tenant, the installation or the run of a job is gone, or going: then the job is, too. */
export async function loadSubject(
  parts: Pick<JobParts, 'persistence' | 'registry'>,
  message: Pick<JobMessage, 'tenantId' | 'installationId' | 'runId'>,
): Promise<JobSubject | null> {
  const { tenants, installations, runs } = parts.persistence;
  const { tenantId, installationId, runId } = message;
  const [tenant, installation, run] = await Promise.all([
    tenants.find(tenantId),
    installations.find(tenantId, installationId),
    runId === null ? null : runs.find(tenantId, runId),
  ]);
  if (!tenant || tenant.status === 'deleting') return null;
  if (!installation || installation.status === 'deleting') return null;
  if (runId !== null && run?.installationId !== installationId) return null;
  return {
    tenant,
    installation,
    integration: parts.registry.findIntegration(installation.integration),
    connections: await connectionsOf(parts, installation),
    run,
  };
}

function connectionProblem(subject: JobSubject): TenonError | null {
  for (const [slot, id] of Object.entries(subject.installation.connections)) {
    const connection = subject.connections.get(slot);
    if (!connection) return new NotFoundError('connection', id);
    if (connection.state === 'disabled') return connectionDisabled(connection);
    if (connection.state !== 'active') return connectionNeedsReauthorization(connection);
  }
  return null;
}

function notEnabled(code: string, message: string): TenonError {
  return new TenonError({ code, category: 'precondition', message });
}

/** Why a job of this subject cannot run now; null when it can. */
export function blockageOf(subject: JobSubject): Blockage | null {
  const { tenant, installation, run } = subject;
  if (run?.state === 'cancelled') return { reason: 'cancelled', error: runCancelled(run.id) };
  if (tenant.status !== 'active') {
    const error = notEnabled('TENANT_SUSPENDED', `The tenant '${tenant.id}' is suspended`);
    return { reason: 'installation_disabled', error };
  }
  if (installation.status !== 'enabled') {
    const text = `The installation '${installation.id}' is ${installation.status}, not enabled`;
    return {
      reason: 'installation_disabled',
      error: notEnabled('INSTALLATION_NOT_ENABLED', text),
    };
  }
  const error = connectionProblem(subject);
  return error && { reason: 'needs_reauthorization', error };
}
