import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { loadApp } from '../app/load-app.js';
import { functionEntries } from '../build/function-entries.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { choiceFlag, switchFlag, textFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';
import type { Io } from '../io.js';
import { cloudFormation } from '../synth/aws/cloudformation.js';
import { containerFiles, kubernetesText } from '../synth/container/container-files.js';
import { readShape } from '../synth/read-shape.js';
import { runtimes } from '../synth/serverless-shape.js';
import { requireSame, writeFiles } from '../synth/synth-output.js';
import type { SynthFiles } from '../synth/synth-output.js';

const STANDARD_OUTPUT = '-';
const IMAGE = /^[a-z0-9][a-zA-Z0-9._:/@-]{0,254}$/;

const flags = {
  app: appFlag,
  target: choiceFlag(['lambda', 'container'], 'What to deploy to (default: lambda)'),
  out: textFlag('PATH', 'Where it goes, - for standard output (default: template.json, deploy)'),
  check: switchFlag('Write nothing; fail when what is there is not what would be written'),
  runtime: choiceFlag(runtimes, 'Runtime of the functions (default: nodejs22.x)'),
  image: textFlag('NAME', 'Image of the containers (default: name and version of package.json)'),
};

interface Named {
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
function nameOf(cwd: string): Named {
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

function within(cwd: string, given: string): string {
  const path = relative(cwd, resolve(cwd, given));
  if (path !== '' && !path.startsWith('..') && !isAbsolute(path)) return path;
  throw new UsageError(`--out must be below the project's folder, not '${given}'`);
}

type Values = FlagValues<typeof flags>;

/** What would be written, and the one text of it that goes to standard output. */
interface Synthesized {
  readonly files: SynthFiles;
  readonly text: string;
}

async function lambda(values: Values, io: Io): Promise<Synthesized> {
  if (values.image !== null) throw new UsageError('--image goes with --target container');
  const entries = functionEntries(io.cwd);
  const { app, environment } = await loadApp(io, values.app);
  const { name } = nameOf(io.cwd);
  const runtime = values.runtime ?? 'nodejs22.x';
  const shape = readShape({ name, runtime, app: app.describe(environment), entries });
  const text = `${JSON.stringify(cloudFormation(shape), null, 2)}\n`;
  const out = values.out ?? 'template.json';
  return { text, files: new Map(out === STANDARD_OUTPUT ? [] : [[within(io.cwd, out), text]]) };
}

function container({ image, out, runtime }: Values, io: Io): Synthesized {
  if (runtime !== null) throw new UsageError('--runtime goes with --target lambda');
  if (image !== null && !IMAGE.test(image)) {
    throw new UsageError(
      `--image must be a name such as registry.example/my-app:1.2.3, not '${image.slice(0, 100)}'`,
    );
  }
  const { name, version, mongodb } = nameOf(io.cwd);
  const shape = { name, image: image ?? `${name}:${version}`, mongodb };
  const folder = out === null || out === STANDARD_OUTPUT ? 'deploy' : within(io.cwd, out);
  const files = [...containerFiles(shape, folder)].map(
    ([file, text]) => [join(folder, file), text] as const,
  );
  return { text: kubernetesText(shape), files: new Map(files) };
}

async function synth(values: Values, io: Io): Promise<ExitCode> {
  const { out, check, target } = values;
  if (check && out === STANDARD_OUTPUT)
    throw new UsageError('--check needs a file: leave out --out -');
  const { files, text } = target === 'container' ? container(values, io) : await lambda(values, io);
  if (out === STANDARD_OUTPUT) {
    io.stdout.write(text);
    return exitCodes.ok;
  }
  if (check) requireSame(io.cwd, files);
  else await writeFiles(io.cwd, files);
  const paths = [...files.keys()].map((path) => path.replaceAll('\\', '/'));
  io.stdout.write(paths.map((path) => `✓ ${path}\n`).join(''));
  return exitCodes.ok;
}

/** `tenon synth`. */
export const synthCommand = defineCommand({
  name: 'synth',
  summary: 'Write the infrastructure of the app: a CloudFormation template, or container manifests',
  flags,
  run: synth,
});
