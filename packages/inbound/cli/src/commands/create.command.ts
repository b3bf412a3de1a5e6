import { basename, relative, resolve } from 'node:path';
import { UsageError } from '../cli.errors.js';
import { defineCommand, jsonFlag } from '../command.js';
import { askChoices, askFolder } from '../create/ask.js';
import type { Choices, MadeChoices } from '../create/ask.js';
import { installPackages } from '../create/install-packages.js';
import { projectFiles } from '../create/project-files.js';
import type { ProjectFiles } from '../create/project-files.js';
import {
  databases,
  deployments,
  examples,
  nameProblem,
  projectDefaults,
} from '../create/project-options.js';
import { requireFreeFolder, writeProject } from '../create/write-project.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { choiceFlag, switchFlag, textFlag } from '../flags.js';
import type { Io } from '../io.js';
import { writeJson } from '../operate/paging.js';
import { optionalWord } from '../words.js';

/** Where the app goes: what was said, or what a person answers. */
async function folderOf(io: Io, given: string | null, quiet: boolean): Promise<string> {
  if (given !== null) return resolve(io.cwd, given);
  if (quiet || !io.terminal) {
    throw new UsageError('FOLDER is missing: where the app goes, for example my-app');
  }
  return resolve(io.cwd, await askFolder(io.terminal));
}

function choicesOf(io: Io, given: Choices, quiet: boolean): Promise<MadeChoices> | MadeChoices {
  if (!quiet && io.terminal) return askChoices(io.terminal, given);
  const { database, deployment, example } = projectDefaults;
  return {
    database: given.database ?? database,
    deployment: given.deployment ?? deployment,
    example: given.example ?? example,
  };
}

async function write(io: Io, folder: string, files: ProjectFiles): Promise<void> {
  let stopped = false;
  const release = io.onStopRequest(() => {
    stopped = true;
  });
  try {
    await writeProject(folder, files, () => stopped);
  } finally {
    release();
  }
}

/** What was made. */
interface Created {
  readonly folder: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly installed: boolean;
}

function report(io: Io, created: Created, json: boolean): void {
  if (json) {
    writeJson(io, created);
    return;
  }
  const path = relative(io.cwd, created.folder);
  const steps = [
    ...(path === '' ? [] : [`cd ${path}`]),
    ...(created.installed ? [] : ['npm install']),
    'npm test',
    'npm run dev',
  ];
  io.stdout.write(`Created ${created.name}, ${created.files.length} files. Next:\n`);
  for (const step of steps) io.stdout.write(`  ${step}\n`);
}

/** `tenon create`, and `npm create tenon`. */
export const createCommand = defineCommand({
  name: 'create',
  summary: 'Make a new app: asks, or takes flags',
  words: { folder: optionalWord('FOLDER', 'Where the app goes; it must not exist or be empty') },
  flags: {
    name: textFlag('NAME', "Name of the app's package (default: the folder's name)"),
    database: choiceFlag(databases, 'Where data is kept (default: embedded)'),
    deployment: choiceFlag(deployments, 'How it is deployed (default: both)'),
    example: choiceFlag(examples, 'What it begins with (default: crm)'),
    packages: textFlag('DIR', "Folder of packed Tenon packages, in place of the registry's"),
    yes: switchFlag('Ask nothing'),
    'no-install': switchFlag('Do not run npm install'),
    json: jsonFlag,
  },
  run: async (flags, io): Promise<ExitCode> => {
    const quiet = flags.yes || flags.json;
    const folder = await folderOf(io, flags.folder ?? flags.name, quiet);
    const name = flags.name ?? basename(folder);
    const problem = nameProblem(name);
    if (problem !== null) throw new UsageError(`${problem}; or give it a name with --name NAME`);
    requireFreeFolder(folder);
    const choices = await choicesOf(io, flags, quiet);
    const packages = flags.packages === null ? null : resolve(io.cwd, flags.packages);
    const files = projectFiles({ name, packages, ...choices });
    await write(io, folder, files);
    const installed = !flags['no-install'] && (await installPackages(folder, io));
    report(io, { folder, name, files: [...files.keys()], installed }, flags.json);
    if (installed || flags['no-install']) return exitCodes.ok;
    io.stderr.write(
      'The app is whole, but npm install did not finish: run it again there. Without a network, create it with --packages DIR.\n',
    );
    return exitCodes.failed;
  },
});
