import { isTenonError } from '@tenon/core';
import type { AppContext, Diagnosis, Environment, HealthCheck } from '@tenon/core';
import type { App } from './app.js';
import { diagnoseTokenServers } from './diagnose-clocks.js';
import { diagnoseDatabase } from './diagnose-database.js';
import { diagnoseQueues } from './diagnose-queues.js';
import { diagnoseScopes } from './diagnose-scopes.js';
import { migrationStates } from './migrations.js';
import { queueShapes } from './queues.js';

/** The same versions as `engines` of the packages. */
const SUPPORTED = '20.19 or later, 22.12 or later, 24 or later';

function isSupported(major: number, minor: number): boolean {
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 12;
  return major >= 24;
}

function runtime(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = isSupported(major, minor);
  return {
    name: 'Node.js',
    status: enough ? 'ok' : 'error',
    message: `version ${process.versions.node}`,
    advice: enough ? null : `Install Node.js ${SUPPORTED}`,
  };
}

function failed(name: string, error: unknown, advice: string): Diagnosis {
  const message = isTenonError(error) ? error.message : 'It failed for an unknown reason';
  return { name, status: 'error', message, advice };
}

async function migrations(environment: Environment): Promise<Diagnosis> {
  const name = 'Database schema';
  try {
    const states = await migrationStates(environment);
    const open = states.filter(({ state }) => state !== 'applied');
    if (open.length === 0)
      return {
        name,
        status: 'ok',
        message: `${states.length} migrations or indexes applied`,
        advice: null,
      };
    const message = open.map((each) => `${each.name} is ${each.state}`).join(', ');
    const pendingOnly = open.every(({ state }) => state === 'pending');
    const advice = pendingOnly
      ? 'Run: tenon migrate deploy'
      : 'Run: tenon migrate status, and see docs/guides/migrations.md';
    return { name, status: 'error', message, advice };
  } catch (error) {
    return failed(
      name,
      error,
      'Check DATABASE_URL, and that the server is up and reachable from here',
    );
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  database: 'Check DATABASE_URL, and that the server is up',
  encryption: 'Check TENON_ENCRYPTION_KEYS: every key that stored data names must be there',
  queue: 'Check TENON_QUEUE_URLS, the region, and the permissions of this role',
};

function ofCheck(check: HealthCheck): Diagnosis {
  const status = check.status === 'ok' ? 'ok' : check.status === 'degraded' ? 'warning' : 'error';
  const facts = Object.entries(check.details).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  );
  const message =
    facts.length > 0 ? facts.join(', ') : `answered in ${Math.round(check.durationMs)} ms`;
  return {
    name: check.name,
    status,
    message,
    advice: status === 'ok' ? null : (ADVICE[check.name] ?? 'See the logs'),
  };
}

function settings(app: App): Diagnosis[] {
  const { publicUrl, appKeys } = app.settings;
  const local = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])/.test(publicUrl);
  return [
    {
      name: 'Public URL',
      status: local ? 'warning' : 'ok',
      message: publicUrl,
      advice: local
        ? 'Providers cannot reach this address; set TENON_PUBLIC_URL for webhooks from outside'
        : null,
    },
    {
      name: 'App keys',
      status: appKeys.length > 0 ? 'ok' : 'warning',
      message: `${appKeys.length} configured`,
      advice:
        appKeys.length > 0
          ? null
          : 'Without TENON_APP_KEYS the back end of the product cannot call the API',
    },
  ];
}

/** Whether every stored secret can be read, and with which key. */
async function encryptionKeys({ commands }: App, context: AppContext): Promise<Diagnosis> {
  const name = 'Encryption keys';
  try {
    const { writingKeyId, usage, missingKeyIds } = await commands.keys.status(context, {});
    const rows = (keyId: string | null): number =>
      usage.filter((each) => each.keyId === keyId).reduce((sum, each) => sum + each.rows, 0);
    const ids = [...new Set(usage.map(({ keyId }) => keyId))];
    const counts = ids.map((keyId) => `${keyId ?? 'no key'}: ${rows(keyId)}`);
    const message = `'${writingKeyId}' writes; stored values by key: ${counts.join(', ') || 'none'}`;
    if (missingKeyIds.length > 0) {
      const missing = missingKeyIds.join(', ');
      const advice = `Stored values cannot be read: put back into TENON_ENCRYPTION_KEYS what has the id ${missing}`;
      return { name, status: 'error', message, advice };
    }
    const old = ids.some((keyId) => keyId !== null && keyId !== writingKeyId);
    const advice = old ? 'Older keys are still needed; to be rid of them: tenon keys rotate' : null;
    return { name, status: 'ok', message, advice };
  } catch (error) {
    return failed(name, error, 'Look at the database first');
  }
}

/** What lies outside of the app: queues as they are set up, providers, and what they granted. */
async function outside(
  app: App,
  environment: Environment,
  context: AppContext,
): Promise<readonly Diagnosis[]> {
  const { adapters, commands, registry, settings: given } = app;
  const shapes = queueShapes(registry.integrations, given.jobTimeoutMs);
  const { clock } = adapters.platform;
  return [
    ...(await diagnoseQueues(adapters.queue, shapes, environment['TENON_QUEUE_ENDPOINT'])),
    ...(await diagnoseTokenServers({ http: adapters.http, clock }, registry.connectors)),
    ...(await diagnoseScopes({ commands, context }, registry.connectors)),
  ];
}

/** Looks at everything that an app needs. Never throws for what it finds. */
export async function diagnose(
  environment: Environment,
  load: () => Promise<App>,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [runtime()];
  let app: App;
  try {
    app = await load();
  } catch (error) {
    const text = error instanceof Error && !isTenonError(error) ? error.message : undefined;
    const diagnosis = failed('Configuration', error, 'Set what the message names, and try again');
    return [...found, text === undefined ? diagnosis : { ...diagnosis, message: text }];
  }
  try {
    const context: AppContext = {
      requestId: 'doctor',
      actor: 'system',
      logger: app.adapters.logger,
    };
    const report = await app.commands.health.detailed(context, {});
    return [
      ...found,
      ...settings(app),
      await migrations(environment),
      ...(await diagnoseDatabase(environment)),
      await encryptionKeys(app, context),
      ...report.checks.map(ofCheck),
      ...(await outside(app, environment, context)),
    ];
  } finally {
    await app.close();
  }
}
