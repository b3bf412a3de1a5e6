import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ProjectFolder } from './project-folder.fixture.js';

let folder: ProjectFolder;
beforeEach(() => {
  folder = new ProjectFolder();
});
afterEach(() => {
  folder.remove();
});

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
    folder.create('crm');
    for (const args of each) {
      const dry = await folder.add(...args, '--dry-run');
      expect(dry).toMatchObject({ code: 0 });
      const before = folder.all();
      const first = await folder.add(...args);
      expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(dry.stdout) });
      const after = folder.all();
      expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
      const again = await folder.add(...args);
      expect(again.stdout).toMatch(/is there already \(.+\); nothing was changed\n$/);
      expect(again.code).toBe(0);
      expect(folder.all()).toEqual(after);
    }
    expect(folder.read('src/app.ts')).toContain(
      'integrations: [contactsIntegration({ crm }), ordersIntegration({ googleDrive, deleteAccount })],',
    );
    expect(folder.read('src/integrations/orders.ts')).toContain(
      "    schedules: {\n      nightly: { cron: '0 3 * * *', job: 'nightly' },\n    },\n    actions: {",
    );
    expect(folder.read('src/connectors/google-drive.ts')).toContain("type: 'standard-webhooks'");
    expect(folder.read('src/workers/reports.ts')).toContain("queueName: 'reports'");
    expect(folder.read('.env.example')).toContain('# GOOGLE_DRIVE_CLIENT_ID=');
    expect(existsSync(join(folder.cwd, 'test/orders.googleDrive.webhook.test.ts'))).toBe(true);
  });

  it('writes nothing at a dry run, and answers programs', async () => {
    folder.create();
    const before = folder.all();
    const { stdout, stderr } = await folder.add('connector', 'desk', '--dry-run', '--json');
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
    expect({ stderr, files: folder.all() }).toEqual({ stderr: '', files: before });
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
    folder.create('crm');
    const before = folder.all();
    const { code, stderr } = await folder.add(...args);
    expect(stderr).toContain(message);
    expect({ code, files: folder.all() }).toEqual({ code: 2, files: before });
  });

  it.each([
    [['connector', 'crm', '--auth', 'basic'], 'src/connectors/crm.ts:11: the connector'],
    [['integration', 'contacts', '--connections', 'crm,desk'], 'is there already, between crm'],
    [['connector', 'contacts'], "src/app.ts:9: 'contacts' is something else already"],
    [['job', 'page', '--queue', 'slow'], "'page' is there already, without queue 'slow'"],
    [['connector', 'taken'], 'src/connectors/taken.ts exists and does not define'],
  ])('%j clashes: %s', async (args, message) => {
    folder.create('crm');
    folder.put('src/connectors/taken.ts', 'export const taken = 1;\n');
    folder.put(
      'src/app.ts',
      folder.read('src/app.ts').replace('  const crm', '  const contacts = 1;\n  const crm'),
    );
    const before = folder.all();
    const { code, stderr } = await folder.add(...args);
    expect(stderr).toContain(message);
    expect({ code, files: folder.all() }).toEqual({ code: 1, files: before });
  });

  it.each([
    ['jobs: makeJobs()', "'jobs' is no object that is written in this file"],
    ['...rest', "'jobs' may come with what is spread into it"],
  ])('does not guess at %s', async (text, message) => {
    folder.create('crm');
    const path = 'src/integrations/contacts.ts';
    const jobs = /jobs: \{[\s\S]*\n {4}\},/;
    folder.put(path, folder.read(path).replace(jobs, `${text},`));
    const before = folder.all();
    const { code, stderr } = await folder.add('job', 'tidy');
    expect(stderr).toMatch(new RegExp(`src/integrations/contacts.ts:\\d+: `));
    expect(stderr).toContain(
      `${message}. Nothing was written; add by hand:\n    jobs: {\n      tidy: {`,
    );
    expect({ code, files: folder.all() }).toEqual({ code: 1, files: before });
  });

  it('says how an integration that is made elsewhere gets a job', async () => {
    folder.create('crm');
    const path = 'src/integrations/made.ts';
    folder.put(
      path,
      "import { defineIntegration } from '@tenon/core';\nexport const made = defineIntegration(base);\n",
    );
    rmSync(join(folder.cwd, 'src/integrations/contacts.ts'));
    const { code, stderr } = await folder.add('job', 'tidy');
    expect(stderr).toContain(`${path}:2: what defineIntegration(…) is given is not written there`);
    expect(code).toBe(1);
  });

  it('follows a constant of the file', async () => {
    folder.create('crm');
    const path = 'src/integrations/contacts.ts';
    const actions = 'const actions = {} as const;\n';
    folder.put(
      path,
      `${folder.read(path).replace('    jobs:', '    actions,\n    jobs:')}\n${actions}`,
    );
    expect(await folder.add('action', 'tidy')).toMatchObject({ code: 0 });
    expect(folder.read(path)).toContain('const actions = {\n  tidy: {\n    run: async (ctx) => {');
  });

  it('names the place where a source is broken', async () => {
    folder.create('crm');
    folder.put(
      'src/integrations/contacts.ts',
      'export const x = {\n  a: ,\n};\nimport "defineIntegration";\n',
    );
    const { code, stderr } = await folder.add('job', 'tidy');
    expect(stderr).toContain('src/integrations/contacts.ts:2:6: Expression expected.; mend it');
    expect(code).toBe(1);
  });

  it('finds no project', async () => {
    const { code, stderr } = await folder.add('connector', 'desk');
    expect(stderr).toContain('No app found in');
    expect({ code, left: readdirSync(folder.cwd) }).toEqual({ code: 1, left: [] });
  });

  it('adds no test where there is nothing to test with, and says so', async () => {
    folder.create();
    rmSync(join(folder.cwd, 'test'), { recursive: true });
    const { code, stderr } = await folder.add('connector', 'desk');
    expect(stderr).toContain('No test was added: test/test-app.ts is missing');
    expect({ code, test: existsSync(join(folder.cwd, 'test')) }).toEqual({ code: 0, test: false });
  });
});
