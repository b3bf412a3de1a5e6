import { CommandLine } from '../http/command-line.js';
import { isObject } from '../http/request-body.js';
import { runService } from '../http/service-process.js';
import type { CrmOptions, CrmUser } from './crm-options.js';
import { createCrmServer } from './crm-server.js';

const NUMBERS = {
  port: 'port',
  records: 'records',
  accessTokenTtlSeconds: 'access-token-ttl-seconds',
  refreshTokenTtlSeconds: 'refresh-token-ttl-seconds',
  rateLimitPerSecond: 'rate-limit-per-second',
  rateLimitBurst: 'rate-limit-burst',
  webhookAttempts: 'webhook-attempts',
  webhookBackoffMs: 'webhook-backoff-ms',
} as const;

const TEXTS = ['client-id', 'client-secret', 'redirect-uris', 'users'];

function readOptions(): CrmOptions {
  const line = new CommandLine('CRM', [...Object.values(NUMBERS), ...TEXTS]);
  const clientId = line.text('client-id');
  const users = line.text('users');
  return {
    ...line.numbers(NUMBERS),
    ...(clientId === undefined ? {} : { clientId }),
    ...(users === undefined ? {} : { users: readUsers(users) }),
    clientSecret: line.required('client-secret'),
    redirectUris: line.list('redirect-uris'),
  };
}

function readUsers(json: string): CrmUser[] {
  const users: unknown = JSON.parse(json);
  if (!Array.isArray(users)) throw new Error('--users must be a JSON list.');
  return users.map((user: unknown) => {
    if (!isObject(user)) throw new Error('--users must be a list of objects.');
    const text = (field: string): string => {
      const value = user[field];
      if (typeof value === 'string' && value !== '') return value;
      throw new Error(`Each of --users needs a text ${field}.`);
    };
    const [username, password] = [text('username'), text('password')];
    return { username, password, name: text('name'), email: text('email') };
  });
}

await runService(
  () => createCrmServer(readOptions()),
  ({ url, authorizationUrl, tokenUrl, revocationUrl, introspectionUrl, catalog }) => ({
    service: 'crm',
    url,
    authorizationUrl,
    tokenUrl,
    revocationUrl,
    introspectionUrl,
    records: catalog.size,
  }),
);
