import type { ConnectionId } from '../connection/connection.js';
import type { FileId } from '../file/tracked-file.js';
import type { InstallationId } from '../installation/installation.js';
import type { DeadLetterId, DeadLetterReason } from '../job/dead-letter.js';
import type { RunId, RunProgress, RunState } from '../run/run.js';
import type { ScheduleId, ScheduleMiss } from '../schedule/schedule.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

interface ConnectionFacts {
  readonly connectionId: ConnectionId;
  readonly connector: string;
  /** Whose account it is. */
  readonly userId: UserId;
}

/** Everything that Tenon tells about, by type. Payloads hold no secrets. */
export interface DomainEventData {
  /** Nothing of the tenant is left. */
  'tenant.deleted': Readonly<Record<string, never>>;
  'user.created': { readonly userId: UserId };
  'connection.created': ConnectionFacts;
  'connection.reauthorized': ConnectionFacts;
  'connection.needs_reauthorization': ConnectionFacts & { readonly code: string };
  'connection.deleted': ConnectionFacts;
  'credential.refreshed': { readonly connectionId: ConnectionId; readonly connector: string };
  'credential.refresh_failed': {
    readonly connectionId: ConnectionId;
    readonly connector: string;
    readonly code: string;
  };
  'http.retried': {
    readonly connectionId: ConnectionId;
    readonly connector: string;
    readonly cause: 'rate_limit' | 'unavailable' | 'connection' | 'unauthorized';
    readonly waitMs: number;
  };
  'installation.created': { readonly installationId: InstallationId; readonly integration: string };
  'installation.updated': { readonly installationId: InstallationId; readonly integration: string };
  'installation.deleted': { readonly installationId: InstallationId; readonly integration: string };
  'run.started': {
    readonly runId: RunId;
    readonly installationId: InstallationId;
    readonly job: string;
  };
  'run.progressed': {
    readonly runId: RunId;
    readonly installationId: InstallationId;
    readonly state: RunState;
    readonly progress: RunProgress;
  };
  'run.finished': {
    readonly runId: RunId;
    readonly installationId: InstallationId;
    readonly state: RunState;
  };
  'schedule.missed': {
    readonly scheduleId: ScheduleId;
    readonly installationId: InstallationId;
    readonly name: string;
    /** How many of its times started no run. */
    readonly missed: number;
    /** `late`: nobody was there to start them; a newer time stands for them. */
    readonly reason: ScheduleMiss;
  };
  'job.dead': {
    readonly deadLetterId: DeadLetterId;
    readonly installationId: InstallationId;
    readonly job: string;
    readonly reason: DeadLetterReason;
    readonly code: string;
  };
  /** A file is forgotten, by the sweep or with its tenant: delete its bytes. */
  'file.expired': { readonly fileId: FileId; readonly location: string };
  'webhook.accepted': {
    readonly installationId: InstallationId;
    readonly connector: string;
    readonly deliveryKey: string;
  };
}

export type DomainEventType = keyof DomainEventData;

/** A typed event with the attributes of CloudEvents 1.0. */
export interface DomainEvent<Type extends DomainEventType = DomainEventType> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: 'tenon';
  readonly type: Type;
  readonly time: string;
  readonly tenantid: TenantId;
  readonly data: DomainEventData[Type];
}
