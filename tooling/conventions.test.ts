import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { publishedPackages, root } from './support/repository.js';

const packages = publishedPackages();
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.ts$/;
const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
}

function referencesOf(path: string): string[] {
  const references = (json(path)['references'] ?? []) as { path: string }[];
  return references.map((reference) => reference.path);
}

function dependenciesOf(manifest: Readonly<Record<string, unknown>>): [string, string][] {
  const groups = ['dependencies', 'devDependencies'].map((key) => manifest[key] ?? {});
  return groups.flatMap((group) => Object.entries(group as Record<string, string>));
}

/** File names below a folder that do not follow the house, as paths. */
function misnamed(files: readonly string[]): string[] {
  return files.filter((file) => file.endsWith('.ts') && !kebabCase.test(basename(file)));
}

describe('the conventions of the packages', () => {
  it.each(packages)('$name has the anatomy of a package', ({ dir, name }) => {
    const parts = ['README.md', 'LICENSE', 'package.json', 'tsconfig.json', 'src/index.ts'];
    expect(parts.filter((part) => !existsSync(join(root, dir, part)))).toEqual([]);
    // npm looks for `create-<name>` when somebody calls `npm create <name>`.
    const folder = basename(dir);
    expect(name).toBe(folder === 'create-tenon' ? folder : `@tenon/${folder}`);
  });

  it.each(packages)('$name is an ES module with one door', ({ manifest }) => {
    expect(manifest).toMatchObject({
      type: 'module',
      license: 'MIT',
      sideEffects: false,
      engines: { node: '^20.19 || ^22.12 || >=24' },
    });
    // The order decides: Node takes the first condition that it knows.
    expect(Object.entries((manifest['exports'] as Record<string, object>)['.'] ?? {})).toEqual([
      ['source', './src/index.ts'],
      ['types', './dist/index.d.ts'],
      ['default', './dist/index.js'],
    ]);
  });

  it.each(packages)('$name pins its dependencies', ({ manifest }) => {
    const loose = dependenciesOf(manifest).filter(([, version]) => !exactVersion.test(version));
    expect(loose).toEqual([]);
  });

  it.each(packages)('$name is built after the packages that it imports', ({ dir, manifest }) => {
    const named = {
      ...(manifest['dependencies'] as object),
      ...(manifest['peerDependencies'] as object),
    };
    const wanted = Object.keys(named)
      .filter((name) => name.startsWith('@tenon/'))
      .map((name) => name.slice('@tenon/'.length));
    const referenced = referencesOf(join(dir, 'tsconfig.json')).map((path) => basename(path));
    expect(referenced.sort()).toEqual(wanted.sort());
  });

  it('are all built from the root, and share one version', () => {
    const built = referencesOf('tsconfig.json');
    expect(built).toEqual(expect.arrayContaining(packages.map(({ dir }) => dir)));
    expect(new Set(packages.map(({ manifest }) => manifest['version'])).size).toBe(1);
  });

  it('name files in kebab-case with their role', () => {
    const files = packages.flatMap(({ dir }) =>
      readdirSync(join(root, dir, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((file) => !file.startsWith('generated'))
        .map((file) => join(dir, 'src', file)),
    );
    expect(files.length).toBeGreaterThan(packages.length);
    expect(misnamed(files)).toEqual([]);
    expect(misnamed(['src/createUser.ts', 'src/User.entity.ts', 'src/create-user.ts'])).toEqual([
      'src/createUser.ts',
      'src/User.entity.ts',
    ]);
  });
});
