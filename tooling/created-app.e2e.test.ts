import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { driveFunctions } from './support/created-functions.js';
import { installPacked, packAll, run } from './support/packed-packages.js';
import { writeTree } from './support/repository.js';

jest.setTimeout(300_000);

const others = (process.env['TENON_TEST_NODES'] ?? '').split(',').filter((path) => path !== '');
const nodes = [process.execPath, ...others];

// One installation for all: an app below this folder finds its packages here, as a workspace does.
const home = mkdtempSync(join(tmpdir(), 'tenon-created-'));

function create(folder: string, ...flags: readonly string[]): string {
  const args = ['create-tenon', folder, '--yes', '--no-install', ...flags];
  run('npx', ['--no-install', ...args], home);
  return join(home, folder);
}

const tenon = (folder: string, ...args: readonly string[]): string =>
  run('npx', ['--no-install', 'tenon', ...args], folder);
const npm = (folder: string, ...args: readonly string[]): string => run('npm', args, folder);

beforeAll(async () => {
  writeTree(home, { 'package.json': '{ "name": "home", "private": true }' });
  await installPacked(home, packAll(home));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('an app as npm create tenon makes it', () => {
  it.each([
    ['crm', 'both'],
    ['empty', 'serverless'],
    ['empty', 'container'],
  ])('%s for %s is type-checked, tested and built', (example, deployment) => {
    const app = create(
      `${example}-${deployment}`,
      '--example',
      example,
      '--deployment',
      deployment,
    );
    npm(app, 'run', 'typecheck');
    expect(npm(app, 'test')).toMatch(/# pass 1\n|ℹ pass 1\n/);
    npm(app, 'run', 'build');
  });

  it('runs at once, and answers to the key of its .env', async () => {
    const app = create('runs');
    const child = spawn('npm', ['run', 'dev', '--', '--port', '0'], { cwd: app, detached: true });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let text = '';
        const read = (chunk: Buffer): void => {
          text += chunk.toString();
          const port = /API +http:\/\/localhost:(\d+)\/api/.exec(text)?.[1];
          if (port !== undefined && text.includes('Ctrl-C')) resolve(`http://127.0.0.1:${port}`);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('exit', () => {
          reject(new Error(text));
        });
      });
      const key = /^TENON_APP_KEYS=dev=(\S+)$/m.exec(readFileSync(join(app, '.env'), 'utf8'))?.[1];
      const answer = await fetch(`${url}/api/tenants`, {
        method: 'POST',
        headers: { 'x-tenon-app-key': key ?? '', 'content-type': 'application/json' },
        body: '{"name":"Acme"}',
      });
      expect(answer.status).toBe(201);
    } finally {
      const ended = new Promise((resolve) => child.once('close', resolve));
      // The whole group: npm passes no signal on.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
      await ended;
    }
  });

  describe('on Lambda', () => {
    let app: string;

    beforeAll(() => {
      app = create('functions', '--deployment', 'serverless');
    });

    it('is built, with what is seldom needed put off', () => {
      const { functions } = JSON.parse(tenon(app, 'build', '--json')) as {
        functions: { name: string; startBytes: number; bytes: number; zippedBytes: number }[];
      };
      const names = functions.map(({ name }) => name);
      expect(names).toEqual(['api', 'migrate', 'schedule', 'worker-default']);
      for (const { startBytes, bytes, zippedBytes } of functions) {
        expect(startBytes).toBeLessThan(bytes / 2);
        expect(zippedBytes).toBeLessThan(bytes / 2);
      }
    });

    it.each(nodes)('connects, works and ticks under %s', async (node) => {
      const folder = join(app, 'dist/functions');
      await driveFunctions({ folder, template: tenon(app, 'synth', '--out', '-') }, node);
    });
  });
});
