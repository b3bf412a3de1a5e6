import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { runCli } from '../cli.js';
import { projectFiles } from '../create/project-files.js';
import { projectDefaults } from '../create/project-options.js';
import { recordingIo } from '../recording-io.fixture.js';
import { writeChanges } from './write-changes.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenon-add-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
}

function project(example: 'crm' | 'empty' = 'empty'): void {
  const files = projectFiles({ name: 'shop', packages: null, ...projectDefaults, example });
  for (const [path, text] of files) put(path, text);
}

const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');

/** Every file with its text. */
function all(): Record<string, string> {
  const paths = readdirSync(cwd, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

async function add(...args: readonly string[]) {
  const io = recordingIo({ cwd });
  const code = await runCli(['add', ...args], io);
  return { code, ...io.written };
}

const each: readonly (readonly string[])[] = [
  ['connector', 'desk'],
  ['connector', 'google-drive', '--auth', 'oauth2'],
  ['connector', 'delete', '--auth', 'basic'],
  ['integration', 'orders', '--connections', 'google-drive,delete'],
  ['job', 'import-orders', '--integration', 'orders'],
  ['worker', 'reports', '--integration', 'orders'],
  ['webhook', 'google-drive', '--integration', 'orders'],
  ['schedule', 'nightly', '--integration', 'orders', '--cron', '0 3 * * *'],
  ['action', 'refresh', '--integration', 'orders'],
];

describe('tenon add', () => {
  it('adds each kind, and nothing when it is called again', async () => {
    project('crm');
    for (const args of each) {
      const dry = await add(...args, '--dry-run');
      expect(dry).toMatchObject({ code: 0 });
      const before = all();
      const first = await add(...args);
      expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(dry.stdout) });
      const after = all();
      expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
      const again = await add(...args);
      expect(again.stdout).toMatch(/is there already \(.+\); nothing was changed\n$/);
      expect(again.code).toBe(0);
      expect(all()).toEqual(after);
    }
    expect(read('src/app.ts')).toContain(
      'integrations: [contactsIntegration({ crm }), ordersIntegration({ googleDrive, deleteAccount })],',
    );
    expect(read('src/integrations/orders.ts')).toContain(
      "    schedules: {\n      nightly: { cron: '0 3 * * *', job: 'nightly' },\n    },\n    actions: {",
    );
    expect(read('src/connectors/google-drive.ts')).toContain("type: 'standard-webhooks'");
    expect(read('src/workers/reports.ts')).toContain("queueName: 'reports'");
    expect(read('.env.example')).toContain('# GOOGLE_DRIVE_CLIENT_ID=');
    expect(existsSync(join(cwd, 'test/orders.googleDrive.webhook.test.ts'))).toBe(true);
  });

  it('writes nothing at a dry run, and answers programs', async () => {
    project();
    const before = all();
    const { stdout, stderr } = await add('connector', 'desk', '--dry-run', '--json');
    expect(JSON.parse(stdout)).toEqual({
      added: "connector 'desk'",
      dryRun: true,
      files: [
        { path: '.env.example', change: 'changed' },
        { path: 'src/app.ts', change: 'changed' },
        { path: 'src/connectors/desk.ts', change: 'created' },
        { path: 'test/desk.connector.test.ts', change: 'created' },
      ],
      found: [],
      notes: [],
    });
    expect({ stderr, files: all() }).toEqual({ stderr: '', files: before });
  });

  it.each([
    [['connector', 'Desk'], 'NAME must be 1 to 63 lower-case letters, digits and single dashes'],
    [['connector', '../desk'], "begin with a letter, not '../desk'"],
    [['connector'], 'NAME is missing'],
    [['conector', 'desk'], "There is no command 'add conector'; did you mean 'add connector'?"],
    [['job', 'a', '--integraton', 'x'], 'did you mean --integration?'],
    [['job', 'a', '--integration', 'contact'], "did you mean 'contacts'?"],
    [['integration', 'a', '--connections', 'crn'], "did you mean 'crm'?"],
    [['integration', 'a', '--connections', 'crm,'], "not ''"],
    [['connector', 'desk', '--auth', 'oauth'], '--auth must be one of oauth2, api-key, basic'],
    [['schedule', 'a', '--job', 'pages'], "did you mean 'page'?"],
    [['schedule', 'a', '--cron', "' } evil"], '--cron must be five fields'],
    [
      ['webhook', 'crn'],
      "'crn' is no slot of src/integrations/contacts.ts:12; did you mean 'crm'?",
    ],
  ])('%j: %s', async (args, message) => {
    project('crm');
    const before = all();
    const { code, stderr } = await add(...args);
    expect(stderr).toContain(message);
    expect({ code, files: all() }).toEqual({ code: 2, files: before });
  });

  it.each([
    [['connector', 'crm', '--auth', 'basic'], 'src/connectors/crm.ts:11: the connector'],
    [['integration', 'contacts', '--connections', 'crm,desk'], 'is there already, between crm'],
    [['connector', 'contacts'], "src/app.ts:9: 'contacts' is something else already"],
    [['job', 'page', '--queue', 'slow'], "'page' is there already, without queue 'slow'"],
    [['connector', 'taken'], 'src/connectors/taken.ts exists and does not define'],
  ])('%j clashes: %s', async (args, message) => {
    project('crm');
    put('src/connectors/taken.ts', 'export const taken = 1;\n');
    put(
      'src/app.ts',
      read('src/app.ts').replace('  const crm', '  const contacts = 1;\n  const crm'),
    );
    const before = all();
    const { code, stderr } = await add(...args);
    expect(stderr).toContain(message);
    expect({ code, files: all() }).toEqual({ code: 1, files: before });
  });

  it.each([
    ['jobs: makeJobs()', "'jobs' is no object that is written in this file"],
    ['...rest', "'jobs' may come with what is spread into it"],
  ])('does not guess at %s', async (text, message) => {
    project('crm');
    const path = 'src/integrations/contacts.ts';
    const jobs = /jobs: \{[\s\S]*\n {4}\},/;
    put(path, read(path).replace(jobs, `${text},`));
    const before = all();
    const { code, stderr } = await add('job', 'tidy');
    expect(stderr).toMatch(new RegExp(`src/integrations/contacts.ts:\\d+: `));
    expect(stderr).toContain(
      `${message}. Nothing was written; add by hand:\n    jobs: {\n      tidy: {`,
    );
    expect({ code, files: all() }).toEqual({ code: 1, files: before });
  });

  it('says how an integration that is made elsewhere gets a job', async () => {
    project('crm');
    const path = 'src/integrations/made.ts';
    put(
      path,
      "import { defineIntegration } from '@tenon/core';\nexport const made = defineIntegration(base);\n",
    );
    rmSync(join(cwd, 'src/integrations/contacts.ts'));
    const { code, stderr } = await add('job', 'tidy');
    expect(stderr).toContain(`${path}:2: what defineIntegration(…) is given is not written there`);
    expect(code).toBe(1);
  });

  it('follows a constant of the file', async () => {
    project('crm');
    const path = 'src/integrations/contacts.ts';
    const actions = 'const actions = {} as const;\n';
    put(path, `${read(path).replace('    jobs:', '    actions,\n    jobs:')}\n${actions}`);
    expect(await add('action', 'tidy')).toMatchObject({ code: 0 });
    expect(read(path)).toContain('const actions = {\n  tidy: {\n    run: async (ctx) => {');
  });

  it('names the place where a source is broken', async () => {
    project('crm');
    put(
      'src/integrations/contacts.ts',
      'export const x = {\n  a: ,\n};\nimport "defineIntegration";\n',
    );
    const { code, stderr } = await add('job', 'tidy');
    expect(stderr).toContain('src/integrations/contacts.ts:2:6: Expression expected.; mend it');
    expect(code).toBe(1);
  });

  it('finds no project', async () => {
    const { code, stderr } = await add('connector', 'desk');
    expect(stderr).toContain('No app found in');
    expect({ code, left: readdirSync(cwd) }).toEqual({ code: 1, left: [] });
  });

  it('adds no test where there is nothing to test with, and says so', async () => {
    project();
    rmSync(join(cwd, 'test'), { recursive: true });
    const { code, stderr } = await add('connector', 'desk');
    expect(stderr).toContain('No test was added: test/test-app.ts is missing');
    expect({ code, test: existsSync(join(cwd, 'test')) }).toEqual({ code: 0, test: false });
  });
});

describe('writing', () => {
  const change = { path: 'src/new/a.ts', before: null, after: 'a' };

  it('leaves nothing behind when it is stopped, or when something is in the way', async () => {
    put('src/app.ts', 'old');
    put('src/file', '');
    const app = { path: 'src/app.ts', before: 'old', after: 'new' };
    const blocked = { path: 'src/file/b.ts', before: null, after: 'b' };
    const before = all();
    let asked = 0;
    const stopped = writeChanges(cwd, [app, change], () => (asked += 1) > 1);
    await expect(stopped).rejects.toThrow('Stopped; nothing was written');
    const failing = writeChanges(cwd, [app, change, blocked], () => false);
    await expect(failing).rejects.toThrow(
      /cannot be written \(E(NOTDIR|EXIST)\); nothing was changed/,
    );
    expect(all()).toEqual(before);
    expect(existsSync(join(cwd, 'src/new'))).toBe(false);
  });

  it('takes back what was moved when a later move fails', async () => {
    put('a.ts', 'old');
    const changes = ['b.ts', 'c.ts', 'd.ts'].map((path) => ({ path, before: null, after: 'new' }));
    let asked = 0;
    // A folder takes the place of the second file when that is prepared already.
    const inTheWay = (): boolean => {
      asked += 1;
      if (asked === 4) mkdirSync(join(cwd, 'c.ts'));
      return false;
    };
    const writing = writeChanges(
      cwd,
      [{ path: 'a.ts', before: 'old', after: 'new' }, ...changes],
      inTheWay,
    );
    await expect(writing).rejects.toThrow(/cannot be written \(EISDIR\); nothing was changed/);
    expect(all()).toEqual({ [join(cwd, 'a.ts')]: 'old' });
  });

  it('does not write over what changed meanwhile', async () => {
    put('src/app.ts', 'newer');
    const app = { path: 'src/app.ts', before: 'old', after: 'new' };
    await expect(writeChanges(cwd, [change, app], () => false)).rejects.toThrow(
      'changed meanwhile',
    );
    expect(read('src/app.ts')).toBe('newer');
    expect(existsSync(join(cwd, 'src/new'))).toBe(false);
  });

  it('keeps the rights of a file', async () => {
    put('run.ts', 'old');
    chmodSync(join(cwd, 'run.ts'), 0o755);
    await writeChanges(cwd, [{ path: 'run.ts', before: 'old', after: 'new' }], () => false);
    expect(readFileSync(join(cwd, 'run.ts'), 'utf8')).toBe('new');
  });
});
