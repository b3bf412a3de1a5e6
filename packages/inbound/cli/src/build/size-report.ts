import type { Metafile } from 'esbuild';

/** How large one function is. Sizes in bytes. */
export interface EntrySize {
  readonly name: string;
  /** What is loaded before the first event. */
  readonly startBytes: number;
  /** With what is loaded on first use. */
  readonly bytes: number;
  /** The same, compressed with gzip. */
  readonly zippedBytes: number;
  /** Packages and folders that weigh most, largest first. */
  readonly largest: readonly { readonly name: string; readonly bytes: number }[];
}

type Outputs = Metafile['outputs'];

/** What a bundler made, and how large each file is when it is compressed. */
export interface BuiltFiles {
  readonly outputs: Outputs;
  readonly zipped: ReadonlyMap<string, number>;
}

const LARGEST = 5;

function reach(outputs: Outputs, entry: string, dynamic: boolean): Set<string> {
  const seen = new Set<string>([entry]);
  for (const path of seen) {
    for (const { path: next, kind, external } of outputs[path]?.imports ?? []) {
      const wanted = kind !== 'dynamic-import' || dynamic;
      if (wanted && external !== true && next in outputs) seen.add(next);
    }
  }
  return seen;
}

/** The package of an input, or the project's own code. */
function ownerOf(input: string): string {
  const parts = input.split('node_modules/');
  if (parts.length > 1) return /^(@[^/]+\/)?[^/]+/.exec(parts.at(-1) ?? '')?.[0] ?? input;
  return input.startsWith('..') ? 'linked packages' : 'this project';
}

function largestOf(outputs: Outputs, paths: ReadonlySet<string>): EntrySize['largest'] {
  const bytes = new Map<string, number>();
  for (const path of paths) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[path]?.inputs ?? {})) {
      const owner = ownerOf(input);
      bytes.set(owner, (bytes.get(owner) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes]
    .map(([name, size]) => ({ name, bytes: size }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, LARGEST);
}

function sum(paths: ReadonlySet<string>, bytesOf: (path: string) => number): number {
  return [...paths].reduce((total, path) => total + bytesOf(path), 0);
}

/** The sizes of the entries of a build, by their names. What is split off for later is part of whoever loads it. */
export function entrySizes({ outputs, zipped }: BuiltFiles, names: readonly string[]): EntrySize[] {
  const bytesOf = (path: string): number => outputs[path]?.bytes ?? 0;
  return [...names].sort().flatMap((name) => {
    const path = Object.keys(outputs).find((each) => each.endsWith(`/${name}.mjs`));
    if (path === undefined) return [];
    const all = reach(outputs, path, true);
    return [
      {
        name,
        startBytes: sum(reach(outputs, path, false), bytesOf),
        bytes: sum(all, bytesOf),
        zippedBytes: sum(all, (each) => zipped.get(each) ?? 0),
        largest: largestOf(outputs, all),
      },
    ];
  });
}

const UNITS = { b: 1, kb: 1_000, mb: 1_000_000 };

/** A size such as `900kb` or `2.5mb` in bytes, or undefined when the text is none. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = 'b'] = /^(\d{1,9}(?:\.\d{1,3})?)(b|kb|mb)?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Math.round(Number(number) * UNITS[unit.toLowerCase() as keyof typeof UNITS]);
}

/** A size for people. */
export function sizeText(bytes: number): string {
  return bytes < UNITS.mb
    ? `${(bytes / UNITS.kb).toFixed(0)} kB`
    : `${(bytes / UNITS.mb).toFixed(2)} MB`;
}
