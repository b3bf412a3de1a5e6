import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `package.json` says of a project. */
export interface Project {
  readonly name: string;
  readonly version: string;
  readonly mongodb: boolean;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The project's name without its scope, as what everything else is called by; its database by its adapter. */
export function readProject(cwd: string): Project {
  const file = join(cwd, 'package.json');
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
  const { name = 'app', version = '0.0.0', dependencies = {} } = manifest;
  const plain = name
    .replace(/^@[^/]*\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  // A DNS label, with room for what is put behind it.
  const short = plain
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-$/, '');
  const mongodb = '@tenon/persistence-mongodb' in dependencies;
  return { name: short === '' ? 'app' : short, version, mongodb };
}
