import type { Registry } from '../app/registry.js';
import type { Encryptor } from '../platform/encryptor.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { Platform } from '../platform/platform.port.js';
import type { Queue } from '../platform/queue.port.js';
import type { Finding } from './run-checks.js';

/** What health checks look at. */
export interface HealthParts {
  readonly persistence: Pick<Persistence, 'ping' | 'outbox' | 'capabilities' | 'secretFields'>;
  readonly queue: Queue;
  readonly encryptor: Encryptor;
  readonly registry: Registry;
  readonly platform: Pick<Platform, 'clock' | 'crypto' | 'ids'>;
  /** Time for each check. Default: 5,000. */
  readonly checkTimeoutMs?: number;
  /** How long an answer about readiness is given again. Default: 1,000. */
  readonly readinessTtlMs?: number;
}

export const CHECK_TIMEOUT_MS = 5_000;

export async function checkDatabase({ persistence }: HealthParts): Promise<Finding> {
  await persistence.ping();
  return { status: 'ok', details: { durable: persistence.capabilities.durable } };
}

export async function checkQueue({ queue }: HealthParts): Promise<Finding> {
  const queues = await queue.status();
  return { status: 'ok', details: { queues: queues.map((each) => ({ ...each })) } };
}
