import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../cli.errors.js';
import { version } from '../version.js';

type Versions = Readonly<Record<string, string>>;

/** The part of a `package.json` that templates have. */
export interface Manifest {
  readonly [key: string]: unknown;
  readonly scripts?: Versions;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
}

function sorted(versions: Versions): Versions {
  const entries = Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function joinScripts(one: Versions, two: Versions): Versions {
  const joined = { ...one, ...two };
  for (const [name, script] of Object.entries(one)) {
    const other = two[name];
    if (other !== undefined && other !== script) joined[name] = `${script} && ${other}`;
  }
  return joined;
}

/** One manifest of the layers of a project: the later adds to the earlier. */
export function mergeManifests(one: Manifest, two: Manifest): Manifest {
  const dependencies = { ...one.dependencies, ...two.dependencies };
  const devDependencies = { ...one.devDependencies, ...two.devDependencies };
  const ours = Object.entries(devDependencies).filter(([name]) => !(name in dependencies));
  return {
    ...one,
    ...two,
    scripts: joinScripts(one.scripts ?? {}, two.scripts ?? {}),
    dependencies: sorted(dependencies),
    devDependencies: sorted(Object.fromEntries(ours)),
  };
}

/** Files that `npm pack` made of our packages, by the package's name. */
function packedPackages(folder: string): Map<string, string> {
  const packed = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const name = /^tenon-(.+?)-\d+\.\d+\.\d+.*\.tgz$/.exec(file)?.[1];
    if (name !== undefined) packed.set(`@tenon/${name}`, `file:${join(resolve(folder), file)}`);
  }
  if (packed.size === 0)
    throw new UsageError(`There is no packed package tenon-*.tgz in ${folder}`);
  return packed;
}

/** Gives Tenon's packages the version of this one, or the packed files that are to be used. */
export function withOurVersions(manifest: Manifest, packages: string | null): Manifest {
  const packed = packages === null ? null : packedPackages(packages);
  const versionOf = ([name, theirs]: [string, string]): [string, string] => [
    name,
    name.startsWith('@tenon/') ? (packed?.get(name) ?? version()) : theirs,
  ];
  const map = (versions: Versions = {}): Versions =>
    Object.fromEntries(Object.entries(versions).map(versionOf));
  return {
    ...manifest,
    dependencies: map(manifest.dependencies),
    devDependencies: map(manifest.devDependencies),
    // The packed ones need each other, and no registry has them.
    ...(packed && { overrides: Object.fromEntries(packed) }),
  };
}
