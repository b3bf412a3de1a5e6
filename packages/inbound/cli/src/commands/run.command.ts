import { hasCode, nearestName } from '@tenon/core';
import type {
  Context,
  Environment,
  InstallationId,
  JsonValue,
  OpenApp,
  Recording,
  Trial,
  TriedJob,
} from '@tenon/core';
import { loadApp } from '../app/load-app.js';
import { localEnvironment } from '../app/local-environment.js';
import { withOpenApp } from '../app/with-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { describeApp } from '../connect/client-variables.js';
import { operatorContext } from '../connect/developer.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { switchFlag, textFlag, textsFlag, wholeFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';
import type { Io } from '../io.js';
import { listenForStop } from '../stop-requests.js';
import { redact, secretsOf } from '../text/redact.js';
import { chooseJob, chooseTarget } from '../trial/choose-target.js';
import type { Target } from '../trial/choose-target.js';
import { lineLogger } from '../trial/line-logger.js';
import { checkPlace, readRecording, writeRecording } from '../trial/recording-files.js';
import { errorFacts, reportText } from '../trial/report-text.js';
import { word } from '../words.js';

const flags = {
  job: textFlag('NAME', 'Which job (default: the only one)'),
  input: textFlag('JSON', 'Input of the job'),
  'dry-run': switchFlag('Send reads alone; show the writes that it would make, and keep nothing'),
  follow: wholeFlag('N', 'Also run here up to N of the jobs that it enqueues', {
    min: 1,
    max: 10_000,
  }),
  record: textFlag('FILE', 'Keep its calls, without secrets, to be replayed'),
  replay: textFlag('FILE', 'Answer its calls from a recording; no network is asked'),
  installation: textFlag('ID', 'On this installation (default: the only one)'),
  connection: textsFlag('SLOT=ID', 'Install it on this connection first; may be repeated'),
  config: textFlag('JSON', 'Configuration of a new installation (default: {})'),
  tenant: textFlag('ID', 'Tenant (default: the only one there is)'),
  app: appFlag,
  json: jsonFlag,
};

interface Call {
  readonly io: Io;
  readonly integration: string;
  readonly flags: FlagValues<typeof flags>;
  readonly input: JsonValue | undefined;
  readonly config: JsonValue;
  readonly replay: Recording | null;
  readonly environment: Environment;
}

function jsonOf(flag: string, text: string | null): JsonValue | undefined {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new UsageError(`--${flag} is no JSON: ${(error as Error).message}`);
  }
}

function checkIntegration(known: readonly string[], integration: string): void {
  if (known.includes(integration)) return;
  const nearest = nearestName(integration, known);
  const hint = nearest
    ? `did you mean '${nearest}'?`
    : `integrations: ${known.join(', ') || 'none'}`;
  throw new UsageError(`There is no integration '${integration}'; ${hint}`);
}

async function install(
  { io, integration, config, flags: values }: Call,
  target: Target,
  { trial, context }: { readonly trial: Trial; readonly context: Context },
): Promise<InstallationId> {
  if ('installation' in target) {
    if (values.config !== null)
      throw new UsageError('--config is for a new installation; this one is there already');
    return target.installation.id;
  }
  const { connections } = target;
  const wish = { integration, connections, config };
  const { id } = await trial.commands.installations.create(context, wish);
  const how = values['dry-run'] ? 'for this dry run alone' : 'and keeps it';
  io.stderr.write(`Installed '${integration}' (${id}), ${how}\n`);
  return id;
}

/** The jobs that were tried, in their order. Ctrl-C ends the one at work and begins no other. */
async function tryAll(
  { io, flags: values }: Call,
  trial: Trial,
  first: (signal: AbortSignal) => Promise<TriedJob>,
): Promise<readonly TriedJob[]> {
  const stop = new AbortController();
  const requests = listenForStop(io);
  void requests.first.then(() => {
    io.stderr.write('Stopping\n');
    stop.abort(new Error('Stopped by Ctrl-C'));
  });
  try {
    const tried = [await first(stop.signal)];
    for (let left = values.follow ?? 0; left > 0 && !stop.signal.aborted; left -= 1) {
      const next = await trial.next(stop.signal);
      if (!next) break;
      tried.push(next);
    }
    return tried;
  } finally {
    requests.release();
  }
}

async function show(
  { io, flags: values, environment }: Call,
  trial: Trial,
  tried: readonly TriedJob[],
): Promise<ExitCode> {
  const dryRun = values['dry-run'];
  const report = await trial.finish();
  const clean = (text: string): string => redact(trial.redact(text), environment);
  if (values.json) {
    const jobs = tried.map(({ error, ...job }) => ({
      ...job,
      error: error === null ? null : errorFacts(error),
    }));
    io.stdout.write(clean(`${JSON.stringify({ dryRun, tried: jobs, ...report }, null, 2)}\n`));
  } else {
    io.stdout.write(clean(reportText(io, tried, { report, dryRun })));
    if (report.unasked > 0)
      io.stderr.write(`${report.unasked} requests of the recording were not asked for\n`);
  }
  const invented = dryRun && tried.some(({ error }) => hasCode(error, 'PROVIDER_INVALID_RESPONSE'));
  if (invented) {
    io.stderr.write(
      "A made-up answer does not fit what the connector expects: let its 'dryRun.answer' say one\n",
    );
  }
  const failed = tried.some(({ outcome }) => outcome === 'failed' || outcome === 'parked');
  return failed ? exitCodes.failed : exitCodes.ok;
}

async function run(call: Call, app: OpenApp): Promise<ExitCode> {
  const { io, integration, flags: values, input, environment } = call;
  const work = { commands: app.commands, context: app.context, io };
  const wish = { tenant: values.tenant, user: null, mayCreate: false };
  const operator = await operatorContext(work, wish);
  const { jobs } = await app.commands.integrations.get(operator, { integration });
  const job = chooseJob(integration, jobs, values.job);
  const target = await chooseTarget(app.commands, operator, {
    ...{ integration, installation: values.installation, connections: values.connection },
  });
  const known = 'installation' in target;
  const trial = await app.trial({
    tenantId: operator.tenantId,
    installationId: known ? target.installation.id : null,
    connectionIds: known ? [] : Object.values(target.connections),
    dryRun: values['dry-run'],
    replay: call.replay,
    record: values.record !== null,
    follow: values.follow ?? 0,
    secrets: secretsOf(environment),
    onProgress: ({ processed, total }) => {
      const of = total === null ? '' : ` of ${total}`;
      io.stderr.write(`${processed}${of} records\n`);
    },
  });
  const clean = (text: string): string => redact(trial.redact(text), environment);
  const context = { ...operator, logger: lineLogger(io, clean) };
  const installationId = await install(call, target, { trial, context });
  const wanted = { installationId, job, ...(input !== undefined && { input }) };
  const tried = await tryAll(call, trial, (signal) =>
    trial.commands.jobs.tryRun(context, { ...wanted, signal }),
  );
  if (values.record !== null) {
    const text = trial.recording({ integration, job, input: input ?? null });
    await writeRecording(io, values.record, text);
    io.stderr.write(`Recorded in ${values.record}\n`);
  }
  return show(call, trial, tried);
}

/** `tenon run`. */
export const runCommand = defineCommand({
  name: 'run',
  summary: 'Run one job here, on a real connection; or show what it would do',
  words: { integration: word('INTEGRATION', 'the name of an integration of the app') },
  flags,
  run: async ({ integration, ...values }, io) => {
    if (values.record !== null && values.replay !== null)
      throw new UsageError('--record and --replay exclude each other');
    const input = jsonOf('input', values.input);
    const config = jsonOf('config', values.config) ?? {};
    const replay = values.replay === null ? null : await readRecording(io, values.replay);
    if (values.record !== null) await checkPlace(io, values.record);
    const loaded = await loadApp(io, values.app);
    const { environment } = localEnvironment(io, loaded.environment);
    checkIntegration(describeApp(loaded.app, environment).shape.integrations, integration);
    const call = { io, integration, flags: values, input, config, replay, environment };
    return withOpenApp(loaded, environment, (app) => run(call, app));
  },
});
