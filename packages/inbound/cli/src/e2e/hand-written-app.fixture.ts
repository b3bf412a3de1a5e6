/**
 * An app's source, written by hand against the core's interface: real HTTP servers and files, no database. Kept as text
 * because the command line bundles it. The local server counts visits, so that a test sees that it lives on over reloads.
 */
export const HAND_WRITTEN_APP = `
import { createServer, type Server } from 'node:http';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { TenonError, type AppDefinition, type Environment } from '@tenon/core';
import { greeting } from './greeting.js';

type Answer = (path: string) => unknown;

function serve(answer: Answer, port: number, host = '127.0.0.1'): Promise<Server> {
  const server = createServer((request, response) => {
    response.end(JSON.stringify(answer(request.url ?? '/')));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new TenonError({ code: 'PORT_UNAVAILABLE', category: 'unavailable', message: \`Port \${port} is in use\`, cause }));
    });
    server.listen(port, host, () => resolve(server));
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The "database": one file. */
const fileOf = (environment: Environment): string => {
  const file = environment['STORE_FILE'];
  if (!file) throw new TenonError({ code: 'MISCONFIGURED', category: 'misconfigured', message: 'STORE_FILE is not set' });
  return file;
};
const appliedIn = (file: string): string[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
const MIGRATIONS = ['001_first', '002_second'];

export const app: AppDefinition = {
  kind: 'tenon-app',

  describe: () => ({
    connectors: ['crm'],
    integrations: ['crm-to-desk'],
    queues: [{ name: 'default', jobTimeoutMs: 300_000 }],
  }),

  async startLocalServers({ directory }) {
    mkdirSync(directory, { recursive: true });
    let visits = 0;
    const server = await serve(() => ({ visits: (visits += 1), pid: process.pid }), 0);
    const url = \`http://127.0.0.1:\${portOf(server)}\`;
    return {
      environment: { STORE_URL: url, STORE_FILE: join(directory, 'store.json'), STORE_PASSWORD: 'canary-password' },
      summary: [{ name: 'Store', address: url }],
      stop: async () => {
        await close(server);
        writeFileSync(join(directory, 'servers-stopped'), '');
      },
    };
  },

  async startService(environment, { port = 3000, host, worker = true, scheduler = true }) {
    if (existsSync('refuse-to-start')) throw new Error('refused to start, password canary-password');
    const state = { greeting, pid: process.pid, worker, scheduler, secret: environment['FROM_DOTENV'] ?? null,
      publicUrl: environment['TENON_PUBLIC_URL'] ?? null, storeUrl: environment['STORE_URL'] ?? null };
    const answer: Answer = (path) => {
      if (path === '/crash') setTimeout(() => process.exit(7), 10);
      return state;
    };
    const server = port === null ? null : await serve(answer, port, host);
    const timer = setInterval(() => undefined, 1_000);
    return {
      port: server ? portOf(server) : null,
      summary: { connectors: ['crm'], integrations: ['crm-to-desk'], queues: ['default'] },
      stop: async () => {
        if (existsSync('refuse-to-stop')) await new Promise(() => undefined);
        if (server) await close(server);
        clearInterval(timer);
        writeFileSync('service-stopped', String(process.pid));
      },
    };
  },

  async open() {
    throw new TenonError({ code: 'DATABASE_UNAVAILABLE', category: 'unavailable', message: 'There is no database' });
  },

  async migrationStatus(environment) {
    const applied = appliedIn(fileOf(environment));
    return MIGRATIONS.map((name) => ({
      name,
      state: applied.includes(name) ? 'applied' : 'pending',
      appliedAt: applied.includes(name) ? new Date(0) : null,
    }));
  },

  async deployMigrations(environment) {
    const file = fileOf(environment);
    const pending = MIGRATIONS.filter((name) => !appliedIn(file).includes(name));
    writeFileSync(file, JSON.stringify([...appliedIn(file), ...pending]));
    return pending;
  },

  async resetDatabase(environment) {
    writeFileSync(fileOf(environment), JSON.stringify(MIGRATIONS));
    return MIGRATIONS;
  },

  async enableRowLevelSecurity(environment, { always, grantTo }) {
    if (!always) return null;
    return grantTo === null ? [] : ['users', 'tokens'];
  },

  async diagnose(environment) {
    const file = environment['STORE_FILE'];
    return [
      file
        ? { name: 'store', status: 'ok', message: 'Set', advice: null }
        : { name: 'store', status: 'error', message: 'STORE_FILE is not set', advice: 'Set it to a path' },
      { name: 'encryption', status: 'warning', message: 'A local key is used', advice: 'tenon keys generate' },
    ];
  },
};
`;
