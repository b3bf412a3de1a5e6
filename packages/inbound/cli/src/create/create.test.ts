import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { runCli } from '../cli.js';
import { recordingIo } from '../recording-io.fixture.js';
import { version } from '../version.js';
import { projectFiles } from './project-files.js';
import { projectDefaults } from './project-options.js';
import type { ProjectOptions } from './project-options.js';
import { writeProject } from './write-project.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenon-create-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const options: ProjectOptions = { name: 'shop', packages: null, ...projectDefaults };

async function create(...args: readonly string[]) {
  const io = recordingIo({ cwd });
  const code = await runCli(['create', ...args, '--no-install'], io);
  return { code, ...io.written };
}

interface Manifest {
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly overrides?: Record<string, string>;
}

function manifestOf(overrides: Partial<ProjectOptions>): Manifest {
  const text = projectFiles({ ...options, ...overrides }).get('package.json') ?? '';
  return JSON.parse(text) as Manifest;
}

describe('the files of a new app', () => {
  it('fit what was asked for', () => {
    const paths = (overrides: Partial<ProjectOptions>) => [
      ...projectFiles({ ...options, ...overrides }).keys(),
    ];
    expect(paths({})).toEqual(
      expect.arrayContaining(['.env', '.env.example', '.gitignore', '.github/workflows/ci.yml']),
    );
    expect(paths({ deployment: 'container' })).toContain('Dockerfile');
    expect(paths({ deployment: 'container' }).join()).not.toMatch(/handlers|workers/);
    expect(paths({ deployment: 'serverless' })).toContain('src/handlers/api.ts');
    expect(paths({ deployment: 'serverless' })).not.toContain('Dockerfile');
    expect(paths({ example: 'empty' }).join()).not.toContain('crm');
    const ci = projectFiles({ ...options, database: 'postgresql' }).get('.github/workflows/ci.yml');
    expect(ci).toContain('tenon migrate deploy');
  });

  it('speak of MongoDB where that was asked for', () => {
    const files = projectFiles({ ...options, database: 'mongodb' });
    for (const path of ['.env', '.env.example']) {
      expect(files.get(path)).toMatch(/^# DATABASE_URL=mongodb:\/\/\S+$/m);
      expect(files.get(path)).not.toContain('postgresql:');
    }
    expect(files.get('.github/workflows/ci.yml')).toContain('DATABASE_URL: mongodb://127.0.0.1');
    expect(files.get('README.md')).toMatch(/^# shop\n[^]*\n\n## MongoDB\n/);
    const { dependencies } = manifestOf({ database: 'mongodb' });
    expect(dependencies).toMatchObject({ '@tenon/persistence-mongodb': version() });
    expect(dependencies).toHaveProperty('mongodb');
    expect(manifestOf({}).dependencies).not.toHaveProperty('mongodb');
    expect(projectFiles(options).get('.env')).toMatch(/^CRM_URL=\S+$/m);
  });

  it('bear the name, and a key of their own', () => {
    const files = projectFiles(options);
    expect(files.get('README.md')).toMatch(/^# shop\n/);
    expect([...files.values()].join()).not.toContain('my-app');
    const keyOf = (text = '') => /^TENON_APP_KEYS=dev=(\S{32})$/m.exec(text)?.[1];
    expect(keyOf(files.get('.env'))).toBeDefined();
    expect(keyOf(files.get('.env'))).not.toBe(keyOf(projectFiles(options).get('.env')));
    expect(files.get('.env.example')).toContain('replace-this-app-key');
  });

  it('ask for the versions that this repository is tested with', () => {
    const { dependencies, devDependencies } = manifestOf({ database: 'mongodb' });
    for (const [name, wanted] of Object.entries({ ...dependencies, ...devDependencies })) {
      const path = new URL(`../../../../../node_modules/${name}/package.json`, import.meta.url);
      const installed = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
      expect([name, wanted]).toEqual([name, installed.version]);
    }
    expect(dependencies['@tenon/core']).toBe(version());
  });

  it('put a package in one place: programs of a container are no tools of development', () => {
    expect(manifestOf({ deployment: 'container' }).dependencies).toHaveProperty('@tenon/cli');
    expect(manifestOf({}).devDependencies).not.toHaveProperty('@tenon/cli');
    expect(manifestOf({ deployment: 'serverless' }).devDependencies).toHaveProperty('@tenon/cli');
  });

  it('may take packed packages, which need each other', () => {
    for (const name of ['core', 'persistence-postgresql']) {
      writeFileSync(join(cwd, `tenon-${name}-0.1.0.tgz`), '');
    }
    const { dependencies, overrides } = manifestOf({ packages: cwd });
    expect(dependencies['@tenon/core']).toBe(`file:${join(cwd, 'tenon-core-0.1.0.tgz')}`);
    expect(Object.keys(overrides ?? {})).toEqual(['@tenon/core', '@tenon/persistence-postgresql']);
  });
});

describe('tenon create', () => {
  it('makes the folder, and says what comes next', async () => {
    const { code, stdout, stderr } = await create('shop', '--example', 'empty');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Created shop, \d+ files\. Next:\n {2}cd shop\n {2}npm install\n/);
    expect(readdirSync(cwd)).toEqual(['shop']);
    expect(statSync(join(cwd, 'shop/.env')).mode & 0o077).toBe(0);
  });

  it('takes an empty folder, also the one it stands in, and answers programs', async () => {
    const { code, stdout } = await create('.', '--name', 'shop', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ folder: cwd, name: 'shop', installed: false });
    expect(existsSync(join(cwd, 'src/app.ts'))).toBe(true);
  });

  it('overwrites nothing, and names what is there', async () => {
    mkdirSync(join(cwd, 'shop'));
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      writeFileSync(join(cwd, 'shop', name), '');
    const full = await create('shop');
    expect(full.code).toBe(1);
    expect(full.stderr).toContain('is not empty: a, b, c, d, e and 2 more; nothing is overwritten');
    expect(full.stderr).toContain('(PROJECT_NOT_CREATED)');
    const file = await create('shop/a');
    expect(file.stderr).toContain('is a file');
    expect(readdirSync(cwd)).toEqual(['shop']);
  });

  it('leaves nothing where it cannot write', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, stderr } = await create('file/below/shop');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/cannot be written \(ENOTDIR\); nothing was left behind/),
    });
    expect(readdirSync(cwd)).toEqual(['file']);
  });

  it.each([
    [[], 'FOLDER is missing'],
    [['Shop'], "'Shop' is no package name"],
    [['shop', '--name', '../x'], "'../x' is no package name"],
    [['shop', '--database', 'mongo'], '--database must be one of embedded, postgresql, mongodb'],
    [['shop', '--exampel', 'crm'], 'There is no flag --exampel; did you mean --example?'],
    [['shop', '--packages', '.'], 'There is no packed package tenon-*.tgz'],
  ])('%j: %s', async (args, message) => {
    const { code, stderr } = await create(...args);
    expect(stderr).toContain(message);
    expect({ code, made: readdirSync(cwd) }).toEqual({ code: 2, made: [] });
  });

  /** A terminal whose person presses the next keys as soon as a question stands there. */
  function personWho(presses: readonly (readonly [question: string, ...keys: string[]])[]) {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const left = [...presses];
    let shown = '';
    output.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (!shown.includes(left[0]?.[0] ?? '\0')) return;
      const [, ...keys] = left.shift() ?? [''];
      // The prompt listens when it has been drawn.
      for (const key of keys) setImmediate(() => input.write(key));
    });
    return { input, output };
  }

  it('asks a person what no flag says', async () => {
    const terminal = personWho([
      ['called?', 'shop', '\r'],
      ['database?', '\r'],
      ['deployed?', '\u001b[A', '\r'],
      ['example?', '\r'],
    ]);
    expect(await runCli(['create', '--no-install'], { ...recordingIo({ cwd }), terminal })).toBe(0);
    expect(existsSync(join(cwd, 'shop/Dockerfile'))).toBe(true);
    expect(existsSync(join(cwd, 'shop/src/handlers'))).toBe(false);
  });

  it('makes nothing when the person leaves', async () => {
    const io = { ...recordingIo({ cwd }), terminal: personWho([['called?', '\u0003']]) };
    expect(await runCli(['create', '--no-install'], io)).toBe(1);
    expect(io.written.stderr).toBe('✗ Stopped; nothing was made (STOPPED)\n');
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('an interrupted writing', () => {
  it('leaves nothing, also of folders above and of a folder that was there', async () => {
    const files = projectFiles(options);
    for (const folder of ['above/shop', 'there']) {
      mkdirSync(join(cwd, 'there'), { recursive: true });
      let writes = 0;
      const writing = writeProject(join(cwd, folder), files, () => (writes += 1) > 5);
      await expect(writing).rejects.toThrow('Stopped; nothing was left behind');
      expect(readdirSync(cwd, { recursive: true })).toEqual(['there']);
    }
  });
});
