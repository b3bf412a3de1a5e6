import { MisconfiguredError, nearestName, secret, ValidationError } from '@tenon/core';
import type { AppKey, Environment } from '@tenon/core';
import * as z from 'zod';
import type { AppSettings } from './settings.js';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== ''),
);

/** `name=value` pairs with commas between. */
const pairs = list.transform((entries, context) =>
  entries.map((entry): [string, string] => {
    const equals = entry.indexOf('=');
    if (equals < 1)
      context.addIssue({
        code: 'custom',
        message: `'${entry.slice(0, 40)}' is no name=value pair`,
      });
    return [entry.slice(0, equals).trim(), entry.slice(equals + 1).trim()];
  }),
);

const whole = (minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum);

const schema = z.object({
  TENON_PUBLIC_URL: z.url().default('http://localhost:3000'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .optional(),
  TENON_DATABASE_POOL_SIZE: whole(1, 200).optional(),
  TENON_DATABASE_RLS: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  TENON_QUEUE_URLS: pairs.optional(),
  TENON_QUEUE_ENDPOINT: z.url().optional(),
  TENON_QUEUE_REGION: z.string().optional(),
  TENON_APP_KEYS: pairs.optional(),
  TENON_HEALTH_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  TENON_RETURN_URLS: list.optional(),
  TENON_EGRESS_ALLOW: list.optional(),
  TENON_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TENON_ENCRYPTION_KEYS: z.string().optional(),
  TENON_LOCAL_KEY_FILE: z.string().optional(),
  TENON_JOB_LEASE_MS: whole(1_000, 3_600_000).optional(),
  TENON_JOB_TIMEOUT_MS: whole(1_000, 3_600_000).optional(),
});

/** The environment, checked and parsed once. */
export type ParsedEnvironment = z.output<typeof schema>;

/** Variables whose names begin like ours but that mean nothing are almost always typing errors. */
function rejectUnknown(environment: Environment): void {
  const known = Object.keys(schema.shape);
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
 * Reads the environment. Values are never repeated in errors: they may be secret.
 * @throws MisconfiguredError naming the variable and what is right.
 */
export function parseEnvironment(environment: Environment): ParsedEnvironment {
  rejectUnknown(environment);
  const relevant = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [
      name,
      environment[name] === '' ? undefined : environment[name],
    ]),
  );
  const result = schema.safeParse(relevant);
  if (result.success) return result.data;
  const problem = new ValidationError(
    'The environment',
    result.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  );
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
    ...(environment.TENON_HEALTH_KEY !== undefined && {
      healthKey: secret(environment.TENON_HEALTH_KEY),
    }),
    ...(leaseMs !== undefined && { jobLeaseMs: leaseMs }),
    ...(timeoutMs !== undefined && { jobTimeoutMs: timeoutMs }),
  };
}
