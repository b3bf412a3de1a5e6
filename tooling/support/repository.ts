import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the repository; Jest and npm scripts run there. */
export const root = dirname(dirname(import.meta.dirname));

/** A published package: where it stands and what its package.json says. */
export interface Package {
  readonly dir: string;
  readonly name: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Every published package, ordered by name. */
export function publishedPackages(): Package[] {
  const folders = ['packages', 'packages/inbound', 'packages/outbound'];
  return folders
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .flatMap((dir) => {
      const manifest = readManifest(join(root, dir));
      return manifest === undefined ? [] : [{ dir, name: String(manifest['name']), manifest }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readManifest(dir: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes files given as path to content below `dir`. */
export function writeTree(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** What a command printed and how it ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a dependency's command line program with the Node that runs the tests. */
export function runBin(
  program: { readonly of: string; readonly name: string },
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): Outcome {
  const manifest = join(root, 'node_modules', program.of, 'package.json');
  const declared = (JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> })
    .bin[program.name];
  if (declared === undefined) throw new Error(`${program.of} has no program named ${program.name}`);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(dirname(manifest), declared), ...args],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options },
  );
  return { status, stdout, stderr };
}
