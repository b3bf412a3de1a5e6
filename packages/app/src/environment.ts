import { MisconfiguredError, nearestName, secret, ValidationError } from '@tenon/core';
import type { AppKey, Environment } from '@tenon/core';
import {
  anyText,
  atLeast,
  databaseUrl,
  list,
  oneOf,
  pairs,
  trueOrFalse,
  url,
  whole,
  type Reader,
} from './environment-readers.js';
import type { AppSettings } from './settings.js';

// No schema library: this is read by every function at every start.
const readers = {
  TENON_PUBLIC_URL: url,
  DATABASE_URL: databaseUrl,
  TENON_DATABASE_POOL_SIZE: whole(1, 200),
  TENON_DATABASE_RLS: trueOrFalse,
  TENON_QUEUE_URLS: pairs,
  TENON_QUEUE_ENDPOINT: url,
  TENON_QUEUE_REGION: anyText,
  TENON_APP_KEYS: pairs,
  TENON_HEALTH_KEY: atLeast(16),
  TENON_RETURN_URLS: list,
  TENON_WEB_ORIGINS: list,
  TENON_EGRESS_ALLOW: list,
  TENON_LOG_LEVEL: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  TENON_ENCRYPTION_KEYS: anyText,
  TENON_LOCAL_KEY_FILE: anyText,
  /** For the command line alone. */
  TENON_ARCHIVE_KEY: atLeast(16),
  /** Address of the stage of an API Gateway websocket API; set by the template. */
  WEBSOCKET_ENDPOINT: url,
  TENON_KMS_KEY_ARN: list,
  TENON_KMS_ENDPOINT: url,
  TENON_SCHEDULER_GROUP: anyText,
  TENON_SCHEDULER_TARGET_ARN: anyText,
  TENON_SCHEDULER_ROLE_ARN: anyText,
  TENON_SCHEDULER_DEAD_LETTER_ARN: anyText,
  TENON_SCHEDULER_ENDPOINT: url,
  TENON_JOB_LEASE_MS: whole(1_000, 3_600_000),
  TENON_JOB_TIMEOUT_MS: whole(1_000, 3_600_000),
  /** Set by Lambda itself. */
  AWS_LAMBDA_FUNCTION_NAME: anyText,
} satisfies Record<string, Reader<unknown>>;

type Readers = typeof readers;

type Values = { readonly [Name in keyof Readers]?: ReturnType<Readers[Name]> | undefined };

const defaults = {
  TENON_PUBLIC_URL: 'http://localhost:3000',
  TENON_LOG_LEVEL: 'info',
  TENON_DATABASE_RLS: false,
} as const;

/** The environment, checked and parsed once. */
export type ParsedEnvironment = Values &
  Required<{ readonly [Name in keyof typeof defaults]: NonNullable<Values[Name]> }>;

/** Variables whose names begin like ours but that mean nothing are almost always typing errors. */
function rejectUnknown(environment: Environment): void {
  const known = Object.keys(readers);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('TENON_') || name.startsWith('TENON_TEST_') || known.includes(name))
      continue;
    const nearest = nearestName(name, known);
    throw new MisconfiguredError(
      `The environment variable ${name} means nothing; ${nearest ? `did you mean ${nearest}?` : `known: ${known.join(', ')}`}`,
    );
  }
}

/**
 * Reads the environment; a variable without text is one that is not set. Values are never repeated in errors: they may be secret.
 * @throws MisconfiguredError naming every wrong variable and what is right.
 */
export function parseEnvironment(environment: Environment): ParsedEnvironment {
  rejectUnknown(environment);
  const issues: { path: string; message: string }[] = [];
  const values: Record<string, unknown> = { ...defaults };
  for (const [path, read] of Object.entries<Reader<unknown>>(readers)) {
    const text = environment[path] ?? '';
    if (text !== '') values[path] = read(text, (message) => issues.push({ path, message }));
  }
  if (issues.length === 0) return values as ParsedEnvironment;
  const problem = new ValidationError('The environment', issues);
  throw new MisconfiguredError(problem.message, problem.details);
}

function appKeys(entries: readonly (readonly [string, string])[]): AppKey[] {
  return entries.map(([id, key]) => ({ id, key: secret(key) }));
}

/** The settings that the environment holds. */
export function settingsOf(environment: ParsedEnvironment): AppSettings {
  const { TENON_JOB_LEASE_MS: leaseMs, TENON_JOB_TIMEOUT_MS: timeoutMs } = environment;
  return {
    publicUrl: environment.TENON_PUBLIC_URL,
    appKeys: appKeys(environment.TENON_APP_KEYS ?? []),
    returnUrls: environment.TENON_RETURN_URLS ?? [],
    ...(environment.TENON_WEB_ORIGINS !== undefined && {
      webOrigins: environment.TENON_WEB_ORIGINS,
    }),
    ...(environment.TENON_HEALTH_KEY !== undefined && {
      healthKey: secret(environment.TENON_HEALTH_KEY),
    }),
    ...(leaseMs !== undefined && { jobLeaseMs: leaseMs }),
    ...(timeoutMs !== undefined && { jobTimeoutMs: timeoutMs }),
  };
}
