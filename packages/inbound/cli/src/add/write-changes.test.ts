import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ProjectFolder } from './project-folder.fixture.js';
import { writeChanges } from './write-changes.js';

let folder: ProjectFolder;
beforeEach(() => {
  folder = new ProjectFolder();
});
afterEach(() => {
  folder.remove();
});

describe('writing', () => {
  const change = { path: 'src/new/a.ts', before: null, after: 'a' };

  it('leaves nothing behind when it is stopped, or when something is in the way', async () => {
    folder.put('src/app.ts', 'old');
    folder.put('src/file', '');
    const app = { path: 'src/app.ts', before: 'old', after: 'new' };
    const blocked = { path: 'src/file/b.ts', before: null, after: 'b' };
    const before = folder.all();
    let asked = 0;
    const stopped = writeChanges(folder.cwd, [app, change], () => (asked += 1) > 1);
    await expect(stopped).rejects.toThrow('Stopped; nothing was written');
    const failing = writeChanges(folder.cwd, [app, change, blocked], () => false);
    await expect(failing).rejects.toThrow(
      /cannot be written \(E(NOTDIR|EXIST)\); nothing was changed/,
    );
    expect(folder.all()).toEqual(before);
    expect(existsSync(join(folder.cwd, 'src/new'))).toBe(false);
  });

  it('takes back what was moved when a later move fails', async () => {
    folder.put('a.ts', 'old');
    const changes = ['b.ts', 'c.ts', 'd.ts'].map((path) => ({ path, before: null, after: 'new' }));
    let asked = 0;
    // A folder takes the place of the second file when that is prepared already.
    const inTheWay = (): boolean => {
      asked += 1;
      if (asked === 4) mkdirSync(join(folder.cwd, 'c.ts'));
      return false;
    };
    const writing = writeChanges(
      folder.cwd,
      [{ path: 'a.ts', before: 'old', after: 'new' }, ...changes],
      inTheWay,
    );
    await expect(writing).rejects.toThrow(/cannot be written \(EISDIR\); nothing was changed/);
    expect(folder.all()).toEqual({ [join(folder.cwd, 'a.ts')]: 'old' });
  });

  it('does not write over what changed meanwhile', async () => {
    folder.put('src/app.ts', 'newer');
    const app = { path: 'src/app.ts', before: 'old', after: 'new' };
    await expect(writeChanges(folder.cwd, [change, app], () => false)).rejects.toThrow(
      'changed meanwhile',
    );
    expect(folder.read('src/app.ts')).toBe('newer');
    expect(existsSync(join(folder.cwd, 'src/new'))).toBe(false);
  });

  it('keeps the rights of a file', async () => {
    folder.put('run.ts', 'old');
    chmodSync(join(folder.cwd, 'run.ts'), 0o755);
    await writeChanges(folder.cwd, [{ path: 'run.ts', before: 'old', after: 'new' }], () => false);
    expect(readFileSync(join(folder.cwd, 'run.ts'), 'utf8')).toBe('new');
  });
});
