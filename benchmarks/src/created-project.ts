import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Packed {
  readonly name: string;
  readonly filename: string;
}

/** Runs a program to its end. @throws Error with all that it printed, when it fails. */
export function runToEnd(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

/** The published packages, by the folder they stand in. */
async function publishedFolders(): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const parent of ['packages', 'packages/inbound', 'packages/outbound']) {
    for (const entry of await readdir(join(root, parent))) {
      const file = join(root, parent, entry, 'package.json');
      if (!existsSync(file)) continue;
      const { name } = JSON.parse(await readFile(file, 'utf8')) as { name: string };
      folders.set(name, join(root, parent, entry));
    }
  }
  return folders;
}

/** Packs the published packages into a folder, as the registry would have them. */
export async function packPublished(folder: string): Promise<readonly Packed[]> {
  const names = [...(await publishedFolders()).keys()];
  const workspaces = names.flatMap((name) => ['--workspace', name]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed: unknown = JSON.parse(runToEnd('npm', [...args, ...workspaces], root));
  // npm 11.6 and newer answer with an object by name.
  return (Array.isArray(packed) ? packed : Object.values(packed as object)) as Packed[];
}

/**
 * Fills `node_modules` without a network: our packages as packed, third-party ones as this repository has them. What a registry
 * and its network would take is in no figure.
 */
export async function installOffline(home: string, packed: readonly Packed[]): Promise<void> {
  const folders = await publishedFolders();
  const modules = join(home, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  for (const { name, filename } of packed) {
    const target = join(modules, name);
    await mkdir(target, { recursive: true });
    runToEnd('tar', ['-xzf', join(home, filename), '--strip-components=1', '-C', target], home);
    const own = join(folders.get(name) ?? '', 'node_modules');
    if (existsSync(own)) await cp(own, join(target, 'node_modules'), { recursive: true });
  }
  const ours = {
    tenon: '@tenon/cli/bin/tenon.js',
    'create-tenon': 'create-tenon/bin/create-tenon.js',
  };
  for (const entry of await readdir(join(root, 'node_modules'))) {
    if (entry.startsWith('.') || entry.startsWith('@tenon') || entry in ours) continue;
    await symlink(join(root, 'node_modules', entry), join(modules, entry), 'junction');
  }
  for (const entry of await readdir(join(root, 'node_modules/.bin'))) {
    if (entry in ours) continue;
    await symlink(join(root, 'node_modules/.bin', entry), join(modules, '.bin', entry));
  }
  for (const [name, path] of Object.entries(ours)) {
    await symlink(join(modules, path), join(modules, '.bin', name));
  }
  await writeFile(join(home, 'package.json'), '{ "name": "home", "private": true }');
}
