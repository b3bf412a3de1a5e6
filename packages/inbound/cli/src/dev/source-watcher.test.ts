import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { SourceWatcher } from './source-watcher.js';

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe.each([
  ['with events', false],
  ['by looking', true],
])('watching sources %s', (_name, poll) => {
  let root: string;
  let folder: string;
  let watcher: SourceWatcher;
  let seen: string[];

  /** Waits until a change of exactly these paths was told, then forgets what was told. */
  async function told(...paths: string[]): Promise<void> {
    const until = Date.now() + 5_000;
    while (Date.now() < until && !paths.every((path) => seen.includes(path))) await pause(10);
    expect([...new Set(seen)].sort()).toEqual(paths.sort());
    seen.length = 0;
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tenon-watch-'));
    folder = join(root, 'src');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    mkdirSync(join(folder, 'node_modules/x'), { recursive: true });
    writeFileSync(join(folder, 'a.ts'), 'a');
    writeFileSync(join(folder, 'sub/b.ts'), 'b');
    seen = [];
    const onChange = (paths: readonly string[]): void => {
      seen.push(...paths.map((path) => relative(folder, path)));
    };
    watcher = new SourceWatcher({ folder, onChange, debounceMs: 20, pollMs: 30, poll });
  });
  afterEach(() => {
    watcher.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('tells of changed, touched, new, renamed and removed files', async () => {
    writeFileSync(join(folder, 'a.ts'), 'aa');
    await told('a.ts');
    utimesSync(join(folder, 'sub/b.ts'), new Date(), new Date(Date.now() + 5_000));
    await told('sub/b.ts');
    writeFileSync(join(folder, 'c.ts'), 'c');
    await told('c.ts');
    renameSync(join(folder, 'c.ts'), join(folder, 'sub/d.ts'));
    await told('c.ts', 'sub/d.ts');
    rmSync(join(folder, 'sub/d.ts'));
    await told('sub/d.ts');
  });

  it('tells of files in new folders, and in folders that were made again', async () => {
    mkdirSync(join(folder, 'x/y'), { recursive: true });
    writeFileSync(join(folder, 'x/y/z.ts'), 'z');
    await told('x/y/z.ts');
    writeFileSync(join(folder, 'x/y/z.ts'), 'zz');
    await told('x/y/z.ts');
    rmSync(join(folder, 'x'), { recursive: true });
    mkdirSync(join(folder, 'x/y'), { recursive: true });
    writeFileSync(join(folder, 'x/y/z.ts'), 'zzz');
    await told('x/y/z.ts');
    writeFileSync(join(folder, 'x/y/z.ts'), 'zzzz');
    await told('x/y/z.ts');
  });

  it('tells of single files outside, also of those that come later', async () => {
    writeFileSync(join(root, 'shared.ts'), 's');
    watcher.include([join(root, 'shared.ts'), join(root, '.env')]);
    writeFileSync(join(root, 'shared.ts'), 'ss');
    await told('../shared.ts');
    writeFileSync(join(root, '.env'), 'A=1');
    await told('../.env');
  });

  it('keeps quiet about hidden, made and temporary files, and after its end', async () => {
    writeFileSync(join(folder, '.a.ts.swp'), 'x');
    writeFileSync(join(folder, 'a.ts~'), 'x');
    writeFileSync(join(folder, 'node_modules/x/index.js'), 'x');
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/a.js'), 'x');
    await pause(150);
    expect(seen).toEqual([]);
    watcher.close();
    writeFileSync(join(folder, 'a.ts'), 'aaa');
    await pause(150);
    expect(seen).toEqual([]);
  });

  it('tells of many changes at once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `many-${index}.ts`);
    for (const name of names) writeFileSync(join(folder, name), name);
    await told(...names);
  });
});
