import type { AppContext } from '../platform/context.js';
import { missingKeyIds, sampleKeyUsage } from '../key/key-usage.js';
import { TenonError } from '../platform/tenon.error.js';
import { CHECK_TIMEOUT_MS, checkDatabase, checkQueue } from './health-parts.js';
import type { HealthParts } from './health-parts.js';
import type { HealthReport } from './health.js';
import { runChecks } from './run-checks.js';
import type { Finding } from './run-checks.js';

/** An outbox entry that is older than this means that no relay runs, or that a queue does not take it. */
const BACKLOG_MS = 5 * 60_000;

/** Values of each field that are looked at for their key. */
const KEY_SAMPLE = 500;

async function checkEncryption({ encryptor, platform }: HealthParts): Promise<Finding> {
  const text = platform.crypto.randomToken(16);
  const rowId = platform.ids.next();
  const place = { tenantId: rowId, table: 'health', column: 'check', rowId };
  const back = await encryptor.decrypt(await encryptor.encrypt(text, place), place);
  if (back !== text) {
    throw new TenonError({
      code: 'ENCRYPTION_BROKEN',
      category: 'internal',
      message: 'Decrypting did not give back what was encrypted',
    });
  }
  const { writingKeyId, readingKeyIds } = encryptor;
  return { status: 'ok', details: { writingKeyId, readingKeyIds: [...readingKeyIds] } };
}

/** Whether a key is missing that stored values name. `tenon keys status` looks at all of them. */
async function checkKeys({ encryptor, persistence }: HealthParts): Promise<Finding> {
  const usage = await sampleKeyUsage(persistence.secretFields, KEY_SAMPLE);
  const missing = [...missingKeyIds(usage, encryptor.readingKeyIds)];
  const status = missing.length > 0 ? 'degraded' : 'ok';
  return { status, details: { missingKeyIds: missing } };
}

async function checkOutbox({ persistence, platform }: HealthParts): Promise<Finding> {
  const { waiting, oldestAt } = await persistence.outbox.status();
  const now = platform.clock.now().getTime();
  const oldestMs = oldestAt === null ? 0 : Math.max(0, now - oldestAt.getTime());
  return { status: oldestMs > BACKLOG_MS ? 'degraded' : 'ok', details: { waiting, oldestMs } };
}

function checkDefinitions({ registry }: HealthParts): Finding {
  const connectors = registry.connectors.map(({ name }) => name);
  const integrations = registry.integrations.map(({ name, version }) => ({ name, version }));
  return { status: 'ok', details: { connectors, integrations } };
}

/** Looks at everything that Tenon needs, at the same time: database, encryption and its keys, queues, outbox, definitions. Never throws. */
export class CheckHealth {
  constructor(private readonly parts: HealthParts) {}

  async execute(context: AppContext, _input: Record<string, never>): Promise<HealthReport> {
    const { parts } = this;
    const timeoutMs = parts.checkTimeoutMs ?? CHECK_TIMEOUT_MS;
    const tools = { clock: parts.platform.clock, logger: context.logger, timeoutMs };
    return runChecks(tools, {
      database: () => checkDatabase(parts),
      encryption: () => checkEncryption(parts),
      keys: () => checkKeys(parts),
      queue: () => checkQueue(parts),
      outbox: () => checkOutbox(parts),
      definitions: () => checkDefinitions(parts),
    });
  }
}
