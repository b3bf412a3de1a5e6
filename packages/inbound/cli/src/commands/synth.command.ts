import { isAbsolute, join, relative, resolve } from 'node:path';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { choiceFlag, switchFlag, textFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';
import type { Io } from '../io.js';
import { containerFiles, kubernetesText } from '../synth/container/container-files.js';
import { readProject } from '../synth/read-project.js';
import { runtimes } from '../synth/serverless-shape.js';
import { requireSame, writeFiles } from '../synth/synth-output.js';
import type { SynthFiles } from '../synth/synth-output.js';
import { synthesizeTemplate } from '../synth/synthesize-template.js';

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
  const template = await synthesizeTemplate(io, values);
  const text = `${JSON.stringify(template, null, 2)}\n`;
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
  const { name, version, mongodb } = readProject(io.cwd);
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
