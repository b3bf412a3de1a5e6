import { existsSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { HAND_WRITTEN_APP } from './hand-written-app.fixture.js';
import { createProject, eventually, isAlive } from './project.fixture.js';
import type { Project, RunningCommand } from './project.fixture.js';

jest.setTimeout(60_000);

interface ServiceState {
  readonly greeting: string;
  readonly pid: number;
  readonly secret: string | null;
  readonly publicUrl: string;
  readonly storeUrl: string;
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  return (await response.json()) as T;
}

function greeting(text: string): string {
  return `export const greeting: string = '${text}';\n`;
}

describe('tenon dev', () => {
  let project: Project;
  let dev: RunningCommand;
  let url = '';

  /** Starts it on a free port and waits until it serves. */
  async function startDev(...args: string[]): Promise<ServiceState> {
    dev = project.start(['dev', '--port', '0', ...args]);
    const text = await dev.saw('Ctrl-C stops it');
    url = /http:\/\/localhost:\d+/.exec(text)?.[0] ?? '';
    url = url.replace('localhost', '127.0.0.1');
    return json<ServiceState>(url);
  }

  const state = () => json<ServiceState>(url);
  const greets = (text: string) =>
    eventually(async () => ((await state()).greeting === text ? state() : null), {
      what: `the greeting ${text}`,
    });

  beforeEach(() => {
    project = createProject({
      'package.json': '{ "type": "module" }',
      'src/app.ts': HAND_WRITTEN_APP,
      'src/greeting.ts': greeting('first'),
    });
  });
  afterEach(() => project.remove());

  it('says what it serves, and no password', async () => {
    const { publicUrl } = await startDev();
    const text = dev.text();
    expect(text).toContain(`API            ${publicUrl}/api`);
    expect(text).toContain(`Documentation  ${publicUrl}/docs`);
    expect(text).toContain(`Health         ${publicUrl}/health/ready`);
    expect(text).toMatch(/Connectors +crm\n.*Integrations +crm-to-desk\n.*Queues +default\n/);
    expect(text).toMatch(/Store +http:\/\/127\.0\.0\.1:\d+\n/);
    expect(text).toContain('Migrated the database: 001_first, 002_second');
    expect(text).not.toContain('canary-password');
    expect(text).not.toContain('\u001b[');
  });

  it('restarts the service within about a second and keeps the servers', async () => {
    const before = await startDev();
    const store = await json<{ visits: number; pid: number }>(before.storeUrl);
    project.write('src/greeting.ts', greeting('second'));
    const since = Date.now();
    const after = await greets('second');
    expect(Date.now() - since).toBeLessThan(4_000);
    expect(after.pid).not.toBe(before.pid);
    expect(after.storeUrl).toBe(before.storeUrl);
    expect(await json(after.storeUrl)).toEqual({ visits: store.visits + 1, pid: store.pid });
    await dev.saw(/Restarted after a change of src\/greeting\.ts \d+ ms/);
    await eventually(() => !isAlive(before.pid), { what: 'the end of the old service' });
    expect(existsSync(join(project.dir, 'service-stopped'))).toBe(true);
  });

  it('restarts for a touched file, a new file in a new folder, and .env', async () => {
    const first = await startDev();
    utimesSync(join(project.dir, 'src/greeting.ts'), new Date(), new Date());
    const second = await eventually(async () => {
      const now = await state();
      return now.pid === first.pid ? null : now;
    });
    project.write('src/words/deep/hello.ts', greeting('third'));
    project.write('src/greeting.ts', "export { greeting } from './words/deep/hello.js';\n");
    await greets('third');
    project.write('src/words/deep/hello.ts', greeting('fourth'));
    const fourth = await greets('fourth');
    expect(fourth.secret).toBeNull();
    project.write('.env', 'FROM_DOTENV="of the file"\nSTORE_URL=http://elsewhere.invalid\n');
    const last = await eventually(async () => ((await state()).secret === null ? null : state()));
    expect(last.secret).toBe('of the file');
    // The local servers come before what the file names.
    expect(last.storeUrl).toBe(second.storeUrl);
  });

  it('shows a build error with its place and keeps the old version', async () => {
    const before = await startDev();
    project.write('src/greeting.ts', 'export const greeting: string =\n  = 1;\n');
    const text = await dev.saw('The version before goes on');
    expect(text).toContain('src/greeting.ts:2:3: Unexpected "="');
    expect(text).toContain('    2 |   = 1;\n      |   ^\n');
    expect(text).toContain('(APP_BUILD_FAILED)');
    expect((await state()).pid).toBe(before.pid);
    project.write('src/greeting.ts', greeting('repaired'));
    await greets('repaired');
  });

  it('keeps the old version when the new one throws while it loads', async () => {
    const before = await startDev();
    project.write('src/greeting.ts', `${greeting('x')}throw new Error('no such thing');\n`);
    const text = await dev.saw('The version before goes on');
    expect(text).toMatch(
      /src\/app\.ts could not be loaded: no such thing \(src\/greeting\.ts:2:\d+\)/,
    );
    expect(text).toContain("    2 | throw new Error('no such thing');\n");
    expect((await state()).pid).toBe(before.pid);
  });

  it('waits for a change when the service does not start or ends by itself', async () => {
    await startDev();
    project.write('refuse-to-start', '');
    project.write('src/greeting.ts', greeting('second'));
    const text = await dev.saw('Nothing is served; waiting for a change');
    expect(text).toContain('✗ refused to start, password [secret]\n');
    expect(text).not.toContain('canary-password');
    rmSync(join(project.dir, 'refuse-to-start'));
    project.write('src/greeting.ts', greeting('third'));
    await greets('third');
    await json(`${url}/crash`);
    await dev.saw("The app's process ended by itself (exit code 7)");
    project.write('src/greeting.ts', greeting('fourth'));
    await greets('fourth');
  });

  it('begins with an app that does not build, and serves it when it does', async () => {
    project.write('src/greeting.ts', 'export const greting = 1;\n');
    dev = project.start(['dev', '--port', '0']);
    await dev.saw('Nothing is served; waiting for a change');
    expect(dev.text()).toContain('No matching export in "src/greeting.ts" for import "greeting"');
    project.write('src/greeting.ts', greeting('at last'));
    await dev.saw('Ctrl-C stops it');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops everything on %s and answers 0',
    async (signal) => {
      const { pid, storeUrl } = await startDev('--dir', 'data');
      const { pid: serversPid } = await json<{ pid: number }>(storeUrl);
      dev.process.kill(signal);
      const { code, stderr } = await dev.finished;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect([isAlive(pid), isAlive(serversPid)]).toEqual([false, false]);
      expect(existsSync(join(project.dir, 'service-stopped'))).toBe(true);
      expect(existsSync(join(project.dir, 'data/servers-stopped'))).toBe(true);
    },
  );

  it('kills a service that does not stop in time', async () => {
    const { pid } = await startDev();
    project.write('refuse-to-stop', '');
    const since = Date.now();
    dev.process.kill('SIGINT');
    expect((await dev.finished).code).toBe(0);
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(project.dir, 'service-stopped'))).toBe(false);
  });

  it('does not wait at the second request to stop', async () => {
    await startDev();
    project.write('refuse-to-stop', '');
    dev.process.kill('SIGINT');
    await dev.saw('Stopping');
    const since = Date.now();
    dev.process.kill('SIGINT');
    expect((await dev.finished).code).toBe(0);
    expect(Date.now() - since).toBeLessThan(2_500);
  });

  it('leaves nothing behind when it is killed', async () => {
    const { pid, storeUrl } = await startDev();
    const { pid: serversPid } = await json<{ pid: number }>(storeUrl);
    expect([isAlive(pid), isAlive(serversPid)]).toEqual([true, true]);
    dev.process.kill('SIGKILL');
    await dev.finished;
    await eventually(() => !isAlive(pid) && !isAlive(serversPid), { what: 'the end of both' });
    expect(existsSync(join(project.dir, '.tenon/servers-stopped'))).toBe(true);
  });

  it('ends when its local servers are gone', async () => {
    const { pid, storeUrl } = await startDev();
    const { pid: serversPid } = await json<{ pid: number }>(storeUrl);
    process.kill(serversPid, 'SIGKILL');
    const { code, stderr } = await dev.finished;
    expect(code).toBe(1);
    expect(stderr).toContain(
      'The local servers ended by themselves (SIGKILL) (LOCAL_PROCESS_ENDED)',
    );
    expect(isAlive(pid)).toBe(false);
  });

  it('ends when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await project.run(['dev', '--port', String(port)]);
    other.close();
    expect(code).toBe(1);
    const owner = process.platform === 'linux' ? ` by .+ \\(pid ${process.pid}\\)` : '.*';
    expect(stderr).toMatch(
      new RegExp(`^✗ Port ${port} is in use${owner}; stop that, or choose another with --port`),
    );
    // Nothing was started for it.
    expect(existsSync(join(project.dir, '.tenon'))).toBe(false);
  });

  it('tells what stands in the way of its folder', async () => {
    project.write('data', 'a file');
    const { code, stderr } = await project.run(['dev', '--port', '0', '--dir', 'data']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✗ .+\/data cannot be written \(E\w+\) \(FOLDER_NOT_WRITABLE\)\n$/);
  });

  it('serves at the address of a tunnel, and says what to register', async () => {
    const wrong = await project.run(['dev', '--tunnel-url', 'http://acme.example']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('--tunnel-url must be an https address without a path');
    project.write('.env', 'TENON_PUBLIC_URL=https://elsewhere.example\n');
    dev = project.start(['dev', '--port', '0', '--tunnel-url', 'https://acme.tunnel.example/']);
    const text = await dev.saw('Ctrl-C stops it');
    expect(text).toMatch(/Public address +https:\/\/acme\.tunnel\.example\n/);
    expect(text).toMatch(
      /Redirect URI +https:\/\/acme\.tunnel\.example\/api\/connections\/callback /,
    );
    expect(text).toMatch(/Webhooks +https:\/\/acme\.tunnel\.example\/api\/webhooks\/…/);
    const port = /http:\/\/localhost:(\d+)/.exec(text)?.[1] ?? '';
    const { publicUrl } = await json<ServiceState>(`http://127.0.0.1:${port}`);
    expect(publicUrl).toBe('https://acme.tunnel.example');
  });

  it('runs an app in JavaScript as it is', async () => {
    rmSync(join(project.dir, 'src'), { recursive: true });
    mkdirSync(join(project.dir, 'src'));
    project.write('src/greeting.js', "export const greeting = 'plain';\n");
    const built = await import('esbuild');
    const { code } = await built.transform(HAND_WRITTEN_APP, { loader: 'ts' });
    project.write('src/app.js', code);
    expect((await startDev()).greeting).toBe('plain');
    expect(existsSync(join(project.dir, '.tenon/build'))).toBe(false);
    project.write('src/greeting.js', "export const greeting = 'plainer';\n");
    await greets('plainer');
  });
});
