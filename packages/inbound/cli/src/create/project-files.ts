import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeManifests, withOurVersions } from './manifest.js';
import type { Manifest } from './manifest.js';
import type { ProjectOptions } from './project-options.js';

/** Texts by their path in the project, in which `/` separates. */
export type ProjectFiles = ReadonlyMap<string, string>;

const templates = fileURLToPath(new URL('../../templates/', import.meta.url));
const KEY_BYTES = 24;

function layersOf({ database, deployment, example }: ProjectOptions): string[] {
  return [
    'base',
    example,
    ...(deployment === 'container' ? [] : ['serverless']),
    ...(deployment === 'serverless' ? [] : ['container']),
    ...(database === 'embedded' ? [] : [database]),
  ];
}

/** `npm pack` leaves some dot files out: templates write `_gitignore`. */
function projectPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^_/, '.');
}

function readLayer(layer: string): [path: string, text: string][] {
  const folder = join(templates, layer);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((file) => statSync(file).isFile())
    .map((file) => [projectPath(relative(folder, file)), readFileSync(file, 'utf8')]);
}

/** A variable that is there takes the later layer's line; what is not there goes to the end. */
function mergeVariables(before: string, text: string): string {
  let both = before;
  const added: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const name = /^(?:# )?([A-Z_]+)=/.exec(line)?.[1];
    const known = name === undefined ? null : new RegExp(`^(# )?${name}=.*$`, 'm').exec(both)?.[0];
    if (known) both = both.replace(known, () => line);
    else added.push(`${line}\n`);
  }
  return added.length === 0 ? both : `${both}\n${added.join('')}`;
}

function merge(path: string, before: string | undefined, text: string): string {
  if (before === undefined) return text;
  if (path === '.env.example') return mergeVariables(before, text);
  if (path === 'README.md') return `${before}\n${text}`;
  if (path !== 'package.json') return text;
  const both = mergeManifests(JSON.parse(before) as Manifest, JSON.parse(text) as Manifest);
  return JSON.stringify(both);
}

function freshKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/**
 * Every file of a new project. Templates are called `my-app`, which is the one thing that is replaced in them.
 * @throws UsageError when `packages` has none.
 */
export function projectFiles(options: ProjectOptions): ProjectFiles {
  const files = new Map<string, string>();
  for (const [path, text] of layersOf(options).flatMap(readLayer)) {
    files.set(path, merge(path, files.get(path), text.replaceAll('my-app', options.name)));
  }
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as Manifest;
  const ours = withOurVersions(manifest, options.packages);
  files.set('package.json', `${JSON.stringify(ours, null, 2)}\n`);
  const example = files.get('.env.example') ?? '';
  files.set('.env', example.replace('replace-this-app-key', freshKey()));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
