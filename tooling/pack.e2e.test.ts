import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { undeclaredImports } from './support/emitted-imports.js';
import { installPacked, packAll, run } from './support/packed-packages.js';
import type { Tarball } from './support/packed-packages.js';
import { publishedPackages, root, writeTree } from './support/repository.js';

jest.setTimeout(180_000);

const packages = publishedPackages();

/** What users may import: the packages and their further entries. */
const entries = packages.flatMap(({ name, manifest }) =>
  Object.keys(manifest['exports'] as object)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => name + subpath.slice(1)),
);

/** The paths at the leaves of `exports` and `bin`. */
function filesNamed(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(value ?? {}).flatMap((inner) => filesNamed(inner));
}

describe('the packages as published', () => {
  const project = mkdtempSync(join(tmpdir(), 'tenon-pack-'));
  let tarballs: readonly Tarball[] = [];

  beforeAll(async () => {
    tarballs = packAll(project);
    writeTree(project, { 'package.json': '{ "name": "plain", "private": true }' });
    await installPacked(project, tarballs);
  });
  afterAll(() => {
    rmSync(project, { recursive: true, force: true });
  });

  it('are all packed', () => {
    expect(tarballs.map(({ name }) => name).sort()).toEqual(packages.map(({ name }) => name));
  });

  it.each(packages)('$name carries types, README and LICENSE, and no test', ({ name, dir }) => {
    const paths = tarballs.find((tarball) => tarball.name === name)?.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']),
    );
    // Tests of templates are the tests of the apps that are made from them.
    const own = paths?.filter((path) => !path.startsWith('templates/'));
    expect(own?.filter((path) => /\.(test|fixture)\.|tsbuildinfo/.test(path))).toEqual([]);
    expect(readFileSync(join(root, dir, 'README.md'), 'utf8')).toContain(`# ${name}`);
  });

  it.each(packages)('$name names files that it carries', ({ name, manifest }) => {
    const targets = filesNamed([manifest['exports'], manifest['bin']]);
    const folder = join(project, 'node_modules', name);
    expect(targets.filter((target) => !existsSync(join(folder, target)))).toEqual([]);
  });

  it.each(packages)('$name declares what its files import', (candidate) => {
    expect(undeclaredImports(candidate)).toEqual([]);
  });

  it('import by name in a plain project', () => {
    const imports = entries.map(
      (entry) =>
        `loaded['${entry}'] = { url: import.meta.resolve('${entry}'), exports: Object.keys(await import('${entry}')) };`,
    );
    const program = `const loaded = {};\n${imports.join('\n')}\nconsole.log(JSON.stringify(loaded));\n`;
    writeTree(project, { 'main.mjs': program });
    const printed = run(process.execPath, ['main.mjs'], project);
    const loaded = JSON.parse(printed) as Record<string, { url: string; exports: string[] }>;
    expect(Object.keys(loaded)).toEqual(entries);
    for (const [entry, { url, exports }] of Object.entries(loaded)) {
      expect(url).toMatch(/\/node_modules\/(@tenon\/[^/]+|create-tenon)\/dist\//);
      expect([entry, exports.length]).not.toEqual([entry, 0]);
    }
  });

  it('type-check in a plain project', () => {
    const code = entries.map((entry, index) => `import * as p${String(index)} from '${entry}';`);
    const used = entries.map((_, index) => `p${String(index)}`).join(', ');
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
    };
    writeTree(project, {
      'main.mts': `${code.join('\n')}\nexport const all = [${used}];\n`,
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['main.mts'] }),
    });
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(run(process.execPath, [tsc, '-p', project, '--pretty', 'false'], dirname(tsc))).toBe('');
  });
});
