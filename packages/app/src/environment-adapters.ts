import { MisconfiguredError } from '@tenon/core';
import type { Encryptor, Logger, Persistence, Queue } from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createPinoLogger } from '@tenon/logger-pino';
import { createNodePlatform } from '@tenon/platform-node';
import type { Adapters } from './adapters.js';
import type { ParsedEnvironment } from './environment.js';

async function encryptorOf(environment: ParsedEnvironment, logger: Logger): Promise<Encryptor> {
  const { aesEncryptorFromEnvironment, createAesEncryptor } = await import('@tenon/encryption-aes');
  if (
    environment.TENON_ENCRYPTION_KEYS === undefined &&
    environment.TENON_LOCAL_KEY_FILE !== undefined
  ) {
    const warn = (message: string): void => {
      logger.warn(message);
    };
    return createAesEncryptor({ local: true, keyFile: environment.TENON_LOCAL_KEY_FILE, warn });
  }
  return aesEncryptorFromEnvironment({ TENON_ENCRYPTION_KEYS: environment.TENON_ENCRYPTION_KEYS });
}

async function persistenceOf(
  environment: ParsedEnvironment,
  encryptor: Encryptor,
  logger: Logger,
): Promise<Persistence> {
  if (environment.DATABASE_URL === undefined) {
    throw new MisconfiguredError(
      'DATABASE_URL is not set; set it to postgresql://user:password@host:5432/database',
    );
  }
  const { createPostgresqlPersistence } = await import('@tenon/persistence-postgresql');
  const poolSize = environment.TENON_DATABASE_POOL_SIZE;
  return createPostgresqlPersistence({
    connectionString: environment.DATABASE_URL,
    encryptor,
    logger,
    rowLevelSecurity: environment.TENON_DATABASE_RLS,
    ...(poolSize !== undefined && { poolSize }),
  });
}

async function queueOf(environment: ParsedEnvironment): Promise<Queue> {
  if (environment.TENON_QUEUE_URLS === undefined) {
    throw new MisconfiguredError(
      'TENON_QUEUE_URLS is not set; set it to default=https://sqs.<region>.amazonaws.com/<account>/<queue>',
    );
  }
  const { createSqsQueue } = await import('@tenon/queue-sqs');
  const { TENON_QUEUE_ENDPOINT: endpoint, TENON_QUEUE_REGION: region } = environment;
  return createSqsQueue({
    queues: Object.fromEntries(environment.TENON_QUEUE_URLS),
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
  });
}

/**
 * Makes the adapters that the environment names: PostgreSQL, SQS, AES, undici, pino.
 * Lines of the log go to `destination`, standard output by default.
 * @throws MisconfiguredError naming the variable that is missing or wrong.
 */
export async function environmentAdapters(
  environment: ParsedEnvironment,
  destination?: { write(line: string): void },
): Promise<Adapters> {
  const level = environment.TENON_LOG_LEVEL;
  const logger = createPinoLogger({ level, ...(destination && { destination }) });
  const encryptor = await encryptorOf(environment, logger);
  return {
    platform: createNodePlatform(),
    persistence: await persistenceOf(environment, encryptor, logger),
    queue: await queueOf(environment),
    http: createUndiciHttpClient({ egress: { allow: environment.TENON_EGRESS_ALLOW ?? [] } }),
    encryptor,
    logger,
  };
}
