import { isTenonError, joinEncryptors, MisconfiguredError, tickingScheduler } from '@tenon/core';
import type { Encryptor, Logger, Persistence, Queue, Scheduler, SocketSender } from '@tenon/core';
import { aesEncryptorFromEnvironment, createAesEncryptor } from '@tenon/encryption-aes';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createLineLogger } from '@tenon/logger-pino/lines';
import { createNodePlatform } from '@tenon/platform-node';
import { createSqsQueue } from '@tenon/queue-sqs';
import type { Adapters } from './adapters.js';
import { openDatabase } from './databases.js';
import type { ParsedEnvironment } from './environment.js';

/** Functions write their lines without pino, which takes longer to load than they take to start. */
async function loggerOf(
  environment: ParsedEnvironment,
  destination: { write(line: string): void } | undefined,
): Promise<Logger> {
  const options = { level: environment.TENON_LOG_LEVEL, ...(destination && { destination }) };
  if (environment.AWS_LAMBDA_FUNCTION_NAME !== undefined) return createLineLogger(options);
  const { createPinoLogger } = await import('@tenon/logger-pino');
  return createPinoLogger(options);
}

function aesEncryptorOf(environment: ParsedEnvironment, logger: Logger): Encryptor {
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

/** The adapter is an optional peer: apps with keys of their own need not install it. */
async function loadKms() {
  try {
    return await import('@tenon/encryption-kms');
  } catch (cause) {
    const error = new MisconfiguredError(
      'TENON_KMS_KEY_ARN is set; install what it needs: npm install @tenon/encryption-kms @aws-sdk/client-kms',
    );
    error.cause = cause;
    throw error;
  }
}

/** Keys of KMS write where there are any; those of `TENON_ENCRYPTION_KEYS` then read what they wrote before. */
async function encryptorOf(environment: ParsedEnvironment, logger: Logger): Promise<Encryptor> {
  const { TENON_KMS_KEY_ARN: arns, TENON_KMS_ENDPOINT: endpoint } = environment;
  if (arns === undefined) return aesEncryptorOf(environment, logger);
  const { createKmsEncryptor, kmsKeys } = await loadKms();
  const keys = kmsKeys(arns);
  const [writingKeyId = ''] = Object.keys(keys);
  const options = { keys, writingKeyId, ...(endpoint !== undefined && { endpoint }) };
  const kms = createKmsEncryptor(options);
  if (environment.TENON_ENCRYPTION_KEYS === undefined) return kms;
  return joinEncryptors({ writing: kms, reading: [aesEncryptorOf(environment, logger)] });
}

function persistenceOf(
  environment: ParsedEnvironment,
  encryptor: Encryptor,
  logger: Logger,
): Promise<Persistence> {
  const poolSize = environment.TENON_DATABASE_POOL_SIZE;
  return openDatabase(environment, {
    encryptor,
    logger,
    ...(poolSize !== undefined && { poolSize }),
  });
}

function queueOf(environment: ParsedEnvironment): Queue {
  if (environment.TENON_QUEUE_URLS === undefined) {
    throw new MisconfiguredError(
      'TENON_QUEUE_URLS is not set; set it to default=https://sqs.<region>.amazonaws.com/<account>/<queue>',
    );
  }
  const { TENON_QUEUE_ENDPOINT: endpoint, TENON_QUEUE_REGION: region } = environment;
  return createSqsQueue({
    queues: Object.fromEntries(environment.TENON_QUEUE_URLS),
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
  });
}

/** An optional peer, as KMS: apps without websockets on API Gateway need not install it. */
async function socketsOf(endpoint: string): Promise<SocketSender> {
  try {
    const { createApiGatewaySockets } = await import('@tenon/sockets-api-gateway');
    return createApiGatewaySockets({ endpoint });
  } catch (cause) {
    if (isTenonError(cause)) throw cause;
    const error = new MisconfiguredError(
      'WEBSOCKET_ENDPOINT is set; install what it needs: npm install @tenon/sockets-api-gateway @aws-sdk/client-apigatewaymanagementapi',
    );
    error.cause = cause;
    throw error;
  }
}

/** The adapter is an optional peer: apps whose schedules are started by the tick need not install it. */
async function loadScheduler() {
  try {
    return await import('@tenon/scheduler-eventbridge');
  } catch (cause) {
    const error = new MisconfiguredError(
      'TENON_SCHEDULER_GROUP is set; install what it needs: npm install @tenon/scheduler-eventbridge @aws-sdk/client-scheduler',
    );
    error.cause = cause;
    throw error;
  }
}

/** Timers at EventBridge Scheduler where a group is named; otherwise the tick. */
async function schedulerOf(environment: ParsedEnvironment): Promise<Scheduler> {
  const groupName = environment.TENON_SCHEDULER_GROUP;
  if (groupName === undefined) return tickingScheduler;
  const {
    TENON_SCHEDULER_TARGET_ARN: targetArn,
    TENON_SCHEDULER_ROLE_ARN: roleArn,
    TENON_SCHEDULER_DEAD_LETTER_ARN: deadLetterArn,
    TENON_SCHEDULER_ENDPOINT: endpoint,
  } = environment;
  if (targetArn === undefined || roleArn === undefined) {
    throw new MisconfiguredError(
      'TENON_SCHEDULER_GROUP is set; set TENON_SCHEDULER_TARGET_ARN (the schedule function) and TENON_SCHEDULER_ROLE_ARN (what may call it) too',
    );
  }
  const { createEventBridgeScheduler } = await loadScheduler();
  return createEventBridgeScheduler({
    ...{ groupName, targetArn, roleArn },
    ...(deadLetterArn !== undefined && { deadLetterArn }),
    ...(endpoint !== undefined && { endpoint }),
  });
}

/**
 * Makes the adapters that the environment names: PostgreSQL or MongoDB, SQS, AES or KMS, undici, pino (on Lambda: the same lines without pino).
 * Lines of the log go to `destination`, standard output by default.
 * @throws MisconfiguredError naming the variable that is missing or wrong.
 */
export async function environmentAdapters(
  environment: ParsedEnvironment,
  destination?: { write(line: string): void },
): Promise<Adapters> {
  const logger = await loggerOf(environment, destination);
  const encryptor = await encryptorOf(environment, logger);
  const { WEBSOCKET_ENDPOINT: gateway } = environment;
  return {
    platform: createNodePlatform(),
    persistence: await persistenceOf(environment, encryptor, logger),
    queue: queueOf(environment),
    scheduler: await schedulerOf(environment),
    http: createUndiciHttpClient({ egress: { allow: environment.TENON_EGRESS_ALLOW ?? [] } }),
    encryptor,
    logger,
    ...(gateway !== undefined && { sockets: await socketsOf(gateway) }),
  };
}
