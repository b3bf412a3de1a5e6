import { readdir, writeFile } from 'node:fs/promises';
import { ratioOf, keepsBar, type Bench, type Row } from './bench.js';
import { renderTable } from './table.js';

/** What to run and where to put it. */
export interface RunOptions {
  /** Benches whose name contains one of these; all when empty. */
  readonly names: readonly string[];
  /** File that gets the rows as JSON. */
  readonly json?: string;
}

/** Reads `[NAME …] [--json FILE]`. */
export function parseArguments(args: readonly string[]): RunOptions {
  const names: string[] = [];
  let json: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '--json') json = args[(index += 1)];
    else if (argument.startsWith('--json=')) json = argument.slice('--json='.length);
    else names.push(argument);
  }
  return { names, ...(json !== undefined && { json }) };
}

async function discover(): Promise<Bench[]> {
  const folder = new URL('./benches/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => /\.bench\.(js|ts)$/.test(file)).sort();
  const modules = await Promise.all(
    files.map(async (file) => (await import(new URL(file, folder).href)) as { bench: Bench }),
  );
  return modules.map((module) => module.bench);
}

function select(benches: readonly Bench[], names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return benches;
  const selected = benches.filter(({ name }) => names.some((part) => name.includes(part)));
  if (selected.length > 0) return selected;
  const known = benches.map(({ name }) => name).join(', ');
  throw new Error(`No bench is named ${names.join(' or ')}; there are: ${known}`);
}

function toJson(rows: readonly { readonly bench: string; readonly row: Row }[]): string {
  const figures = rows.map(({ bench, row }) => ({
    bench,
    ...row,
    ratio: ratioOf(row),
    pass: keepsBar(row),
  }));
  return `${JSON.stringify({ node: process.version, figures }, null, 2)}\n`;
}

/** Runs benches one after another, prints one table and writes the JSON file if one is asked for. */
export async function run(options: RunOptions): Promise<readonly Row[]> {
  const results: { bench: string; row: Row }[] = [];
  for (const bench of select(await discover(), options.names)) {
    process.stderr.write(`… ${bench.name}: ${bench.title} (${bench.bar})\n`);
    for (const row of await bench.run()) results.push({ bench: bench.name, row });
  }
  const rows = results.map(({ row }) => row);
  process.stdout.write(`\n${renderTable(rows)}\n`);
  if (options.json !== undefined) await writeFile(options.json, toJson(results));
  return rows;
}
