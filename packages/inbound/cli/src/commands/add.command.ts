import { addAction } from '../add/add-handler.js';
import { addConnector, authKinds } from '../add/add-connector.js';
import { addDescribedConnector } from '../add/add-openapi.js';
import { addIntegration } from '../add/add-integration.js';
import { addJob, addSchedule, addWorker } from '../add/add-job.js';
import { addWebhook } from '../add/add-webhook.js';
import { unifiedDiff } from '../add/diff.js';
import { checkName } from '../add/names.js';
import { Workspace } from '../add/workspace.js';
import { writeChanges } from '../add/write-changes.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { choiceFlag, switchFlag, textFlag } from '../flags.js';
import type { Io } from '../io.js';
import { writeJson } from '../operate/paging.js';
import { styleOf } from '../text/style.js';
import { word } from '../words.js';

const commonFlags = {
  'dry-run': switchFlag('Show the changes and write nothing'),
  app: appFlag,
  json: jsonFlag,
};
const integrationFlag = textFlag('NAME', 'The integration it goes to (default: the only one)');

interface CommonFlags {
  readonly 'dry-run': boolean;
  readonly app: string | null;
  readonly json: boolean;
}

interface Call extends CommonFlags {
  /** What is added, for messages: `job 'import'`. */
  readonly added: string;
}

async function write(io: Io, workspace: Workspace): Promise<void> {
  let stopped = false;
  const release = io.onStopRequest(() => {
    stopped = true;
  });
  try {
    await writeChanges(io.cwd, workspace.changes(), () => stopped);
  } finally {
    release();
  }
}

async function report(io: Io, workspace: Workspace, flags: Call): Promise<void> {
  const { found, notes } = workspace;
  const { added } = flags;
  const changes = workspace.changes();
  const dryRun = flags['dry-run'];
  if (flags.json) {
    const files = changes.map(({ path, before }) => ({
      path,
      change: before === null ? 'created' : 'changed',
    }));
    writeJson(io, { added, dryRun, files, found, notes });
    return;
  }
  if (changes.length === 0) {
    io.stdout.write(`The ${added} is there already (${found.join(', ')}); nothing was changed\n`);
    return;
  }
  io.stdout.write(await unifiedDiff(changes, { style: styleOf(io.stdout, io.env), whole: dryRun }));
  if (dryRun) return;
  const count = changes.length === 1 ? '1 file' : `${changes.length} files`;
  io.stdout.write(`\nAdded the ${added}: ${count}. Next: npm run typecheck, npm test\n`);
}

/** Decides on the changes, shows them and writes them. */
async function change(
  io: Io,
  flags: Call,
  decide: (workspace: Workspace) => void | Promise<void>,
): Promise<ExitCode> {
  const workspace = new Workspace(io.cwd, flags.app);
  await decide(workspace);
  if (!flags['dry-run']) await write(io, workspace);
  await report(io, workspace, flags);
  if (workspace.changes().length > 0 && !flags.json) {
    for (const note of workspace.notes) io.stderr.write(`${note}\n`);
  }
  return exitCodes.ok;
}

/** How a schedule's times look; whether they exist is for the app to say. */
function checkCron(cron: string | null): void {
  if (cron === null || /^[\w*/,?#-]+( +[\w*/,?#-]+){4,5}$/.test(cron)) return;
  throw new UsageError(
    `--cron must be five fields, such as '0 6 * * *', not '${cron.slice(0, 100)}'`,
  );
}

function listOf(text: string | null, what: string): readonly string[] | null {
  if (text === null) return null;
  return text.split(',').map((name) => checkName(name.trim(), `Each of ${what}`));
}

/** `tenon add connector`. */
export const addConnectorCommand = defineCommand({
  name: 'add connector',
  summary: 'Add a connector, with a test',
  words: {
    name: word('NAME', 'Name of the connector, for example google-drive'),
  },
  flags: {
    auth: choiceFlag(authKinds, 'How people sign in (default: api-key)'),
    openapi: textFlag('FILE', 'OpenAPI 3 description to make the client and the auth section from'),
    ...commonFlags,
  },
  run: ({ name, auth, openapi, ...flags }, io) => {
    if (auth !== null && openapi !== null) {
      throw new UsageError(
        '--auth does not go with --openapi: the description says how to sign in',
      );
    }
    return change(io, { ...flags, added: `connector '${checkName(name)}'` }, async (workspace) => {
      if (openapi === null) addConnector(workspace, { name, auth });
      else await addDescribedConnector(workspace, { name, file: openapi });
    });
  },
});

/** `tenon add integration`. */
export const addIntegrationCommand = defineCommand({
  name: 'add integration',
  summary: 'Add an integration between connections, with a test',
  words: { name: word('NAME', 'Name of the integration') },
  flags: {
    connections: textFlag('A,B', 'The connectors it runs between (default: the only one)'),
    ...commonFlags,
  },
  run: ({ name, connections, ...flags }, io) => {
    const chosen = listOf(connections, '--connections');
    return change(io, { ...flags, added: `integration '${checkName(name)}'` }, (workspace) => {
      addIntegration(workspace, { name, connections: chosen });
    });
  },
});

/** `tenon add job`. */
export const addJobCommand = defineCommand({
  name: 'add job',
  summary: 'Add a job to an integration, with a test',
  words: { name: word('NAME', 'Name of the job') },
  flags: {
    integration: integrationFlag,
    queue: textFlag('QUEUE', 'A queue of its own, with its worker (default: default)'),
    ...commonFlags,
  },
  run: ({ name, integration, queue, ...flags }, io) => {
    // A queue that keeps its order says so at the end of its name.
    if (queue !== null) checkName(queue.replace(/\.fifo$/, ''), 'QUEUE');
    return change(io, { ...flags, added: `job '${checkName(name)}'` }, (workspace) => {
      addJob(workspace, { name, integration, queue });
    });
  },
});

/** `tenon add worker`. */
export const addWorkerCommand = defineCommand({
  name: 'add worker',
  summary: 'Add a queue with a job on it and the function that works on it, with tests',
  words: { name: word('NAME', 'Name of the queue and of its first job') },
  flags: { integration: integrationFlag, ...commonFlags },
  run: ({ name, integration, ...flags }, io) =>
    change(io, { ...flags, added: `worker '${checkName(name)}'` }, (workspace) => {
      addWorker(workspace, { name, integration });
    }),
});

/** `tenon add webhook`. */
export const addWebhookCommand = defineCommand({
  name: 'add webhook',
  summary: 'Add the handler of the webhooks of a connection, with a test',
  words: {
    name: word('NAME', 'The slot of the integration whose provider sends them'),
  },
  flags: { integration: integrationFlag, ...commonFlags },
  run: ({ name, integration, ...flags }, io) =>
    change(io, { ...flags, added: `webhook '${name}'` }, (workspace) => {
      addWebhook(workspace, { name, integration });
    }),
});

/** `tenon add schedule`. */
export const addScheduleCommand = defineCommand({
  name: 'add schedule',
  summary: 'Add a schedule that starts a job, with a test',
  words: { name: word('NAME', 'Name of the schedule') },
  flags: {
    integration: integrationFlag,
    cron: textFlag('CRON', "When, five fields (default: '0 6 * * *')"),
    job: textFlag('JOB', 'The job it starts (default: one of its own name)'),
    ...commonFlags,
  },
  run: ({ name, integration, cron, job, ...flags }, io) => {
    checkCron(cron);
    return change(io, { ...flags, added: `schedule '${checkName(name)}'` }, (workspace) => {
      addSchedule(workspace, { name, integration, cron, job });
    });
  },
});

/** `tenon add action`. */
export const addActionCommand = defineCommand({
  name: 'add action',
  summary: 'Add an action that users may call, with a test',
  words: { name: word('NAME', 'Name of the action') },
  flags: { integration: integrationFlag, ...commonFlags },
  run: ({ name, integration, ...flags }, io) =>
    change(io, { ...flags, added: `action '${checkName(name)}'` }, (workspace) => {
      addAction(workspace, { name, integration });
    }),
});
