import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { publishedPackages, root } from './repository.js';

/** One of our packages, as `npm pack` made it. */
export interface Tarball {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Runs a program to its end. @throws Error with all that it printed, when it fails. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 64 * 1024 * 1024,
    // npm is a .cmd file on Windows.
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Packs every published package into a folder. */
export function packAll(folder: string): readonly Tarball[] {
  const packages = publishedPackages();
  const missing = packages.filter(({ dir }) => !existsSync(join(root, dir, 'dist/index.js')));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new Error(`Not built: ${names}. Run \`npm run build\` first.`);
  }
  const workspaces = packages.flatMap(({ name }) => ['--workspace', name]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed: unknown = JSON.parse(run('npm', [...args, ...workspaces], root));
  // npm 11.6 and newer answer with an object by name.
  return (Array.isArray(packed) ? packed : Object.values(packed as object)) as Tarball[];
}

/** The programs of third parties, and ours as packed. */
async function linkPrograms(modules: string): Promise<void> {
  const bin = join(modules, '.bin');
  mkdirSync(bin);
  const ours = {
    tenon: '@tenon/cli/bin/tenon.js',
    'create-tenon': 'create-tenon/bin/create-tenon.js',
  };
  for (const name of readdirSync(join(root, 'node_modules/.bin'))) {
    if (!(name in ours)) await symlink(join(root, 'node_modules/.bin', name), join(bin, name));
  }
  for (const [name, path] of Object.entries(ours))
    await symlink(join(modules, path), join(bin, name));
}

/** A plain project: the packages as packed, third-party modules as this repository installed them. */
export async function installPacked(project: string, tarballs: readonly Tarball[]): Promise<void> {
  const packages = publishedPackages();
  const modules = join(project, 'node_modules');
  for (const { name, filename } of tarballs) {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    run('tar', ['-xzf', join(project, filename), '--strip-components=1', '-C', target], project);
    // What npm could not hoist to the root stands beside the package.
    const dir = packages.find((candidate) => candidate.name === name)?.dir ?? '';
    const own = join(root, dir, 'node_modules');
    if (existsSync(own)) await cp(own, join(target, 'node_modules'), { recursive: true });
  }
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    if (entry.startsWith('.') || entry.startsWith('@tenon') || entry === 'create-tenon') continue;
    await symlink(join(root, 'node_modules', entry), join(modules, entry), 'junction');
  }
  await linkPrograms(modules);
}
