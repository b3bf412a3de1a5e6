import { confirm, isCancel } from '@clack/prompts';
import { buildProject } from '../build/build-project.js';
import { functionEntries } from '../build/function-entries.js';
import { StoppedError, UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { packFunctions } from '../deploy/artifact.js';
import { openCloud } from '../deploy/aws-cloud.js';
import type { AwsCloud } from '../deploy/aws-cloud.js';
import { awsRefusal } from '../deploy/aws-failure.js';
import type { Attempt } from '../deploy/attempt.js';
import { requireFunctions } from '../deploy/container-app.js';
import { deployRelease } from '../deploy/deploy-release.js';
import { readDeploySettings, requireParameters } from '../deploy/deploy-settings.js';
import type { DeploySettings } from '../deploy/deploy-settings.js';
import { previewText } from '../deploy/preview.js';
import type { Deployed, Release } from '../deploy/release.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { choiceFlag, entriesFlag, switchFlag, textFlag, wholeFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';
import type { Io } from '../io.js';
import { writeJson } from '../operate/paging.js';
import { runtimes } from '../synth/serverless-shape.js';
import { synthesizeTemplate } from '../synth/synthesize-template.js';
import { redact } from '../text/redact.js';
import { styleOf } from '../text/style.js';

const MINUTE_MS = 60_000;
const DEFAULT_TIMEOUT_MINUTES = 60;
const DEFAULT_HEALTH_SECONDS = 120;
const DEFAULT_POLL_MS = 3_000;

const flags = {
  stack: textFlag('NAME', 'Name of the stack (default: name of package.json)'),
  region: textFlag('REGION', 'Region of AWS (default: AWS_REGION, or that of the profile)'),
  profile: textFlag('NAME', 'Profile of the AWS credentials (default: AWS_PROFILE)'),
  bucket: textFlag('NAME', 'Bucket of releases (default: the one of the stack tenon-deploy)'),
  role: textFlag('ARN', 'Role that CloudFormation makes resources as (default: as you)'),
  parameter: entriesFlag('NAME=VALUE', 'Parameter of the template; may be given several times'),
  preview: switchFlag('Show what would change, and change nothing'),
  yes: switchFlag('Ask nothing'),
  recreate: switchFlag('Delete a stack that could not be made, and begin anew'),
  'no-migrate': switchFlag('Do not invoke the function migrate'),
  'no-health': switchFlag('Do not ask whether the API is ready afterwards'),
  timeout: wholeFlag('MINUTES', 'How long the stack may take (default: 60)', { min: 1, max: 720 }),
  'health-timeout': wholeFlag('SECONDS', 'How long the API may take (default: 120)', {
    min: 0,
    max: 3600,
  }),
  poll: wholeFlag('MS', 'Time between two looks at the stack (default: 3000)', {
    min: 10,
    max: 60_000,
  }),
  runtime: choiceFlag(runtimes, 'Runtime of the functions (default: nodejs22.x)'),
  app: appFlag,
  json: jsonFlag,
};

type Values = FlagValues<typeof flags>;

/** Variables of `.env` name local servers: what the app loads with is not where it is deployed to. */
function withoutAws(io: Io): Io {
  return {
    ...io,
    setEnvironment: (values) => {
      const others = Object.entries(values).filter(([name]) => !name.startsWith('AWS_'));
      io.setEnvironment(Object.fromEntries(others));
    },
  };
}

/** @throws UsageError before anything was begun that would have to be asked for. */
function requireAnswers({ terminal }: Io, { yes, json, preview }: Values): void {
  if (preview && yes) throw new UsageError('--preview asks nothing: leave out --yes');
  if (preview || yes || (terminal && !json)) return;
  throw new UsageError('Nobody can be asked here: add --yes to deploy, or --preview to look only');
}

async function askPerson(io: Io, { yes }: Values, question: string): Promise<void> {
  if (yes || !io.terminal) return;
  const answer = await confirm({ ...io.terminal, message: question, initialValue: false });
  if (isCancel(answer) || !answer) throw new StoppedError('Stopped; the stack was not changed');
}

async function releaseOf(io: Io, values: Values, settings: DeploySettings): Promise<Release> {
  const template = await synthesizeTemplate(withoutAws(io), values);
  const parameters = Object.keys(template.Parameters);
  requireParameters(settings.parameters, parameters);
  const { outdir } = await buildProject(io.cwd, { out: null, budget: null });
  const health = values['health-timeout'] ?? DEFAULT_HEALTH_SECONDS;
  return {
    // Without spaces most templates fit into a call.
    template: {
      text: JSON.stringify(template),
      parameters,
      hasMigrate: 'MigrateFunction' in template.Outputs,
    },
    code: packFunctions(outdir, settings.stack),
    parameters: settings.parameters,
    bucket: settings.bucket,
    previewOnly: values.preview,
    recreate: values.recreate,
    migrates: !values['no-migrate'],
    healthMs: values['no-health'] ? null : health * 1_000,
    show: (changes) => {
      if (!values.json) io.stdout.write(redact(previewText(io, changes), io.env));
    },
    confirm: (question) => askPerson(io, values, question),
  };
}

function reportText({ result, changes, migrations, readyUrl }: Deployed): string {
  if (result === 'unchanged') return 'Nothing to change: the stack is what the app is now.\n';
  if (result === 'previewed') return 'Nothing was changed: this was a preview.\n';
  const applied =
    migrations === null
      ? 'not asked for'
      : migrations.length === 0
        ? 'the database was up to date'
        : migrations.join(', ');
  return (
    `${result === 'created' ? 'Made' : 'Changed'} ${changes.length} resources. Migrations: ${applied}.` +
    (readyUrl === null ? '\n' : ` ${readyUrl} is ready.\n`)
  );
}

/** Runs until it is done or somebody asks to stop. */
async function attemptOf(io: Io, values: Values, cloud: AwsCloud): Promise<Deployed> {
  const settings = readDeploySettings(io.cwd, values);
  const stop = new AbortController();
  const release = io.onStopRequest(() => {
    stop.abort();
  });
  const attempt: Attempt = {
    cloud,
    stackName: settings.stack,
    roleArn: settings.role,
    signal: stop.signal,
    pollMs: values.poll ?? DEFAULT_POLL_MS,
    timeoutMs: (values.timeout ?? DEFAULT_TIMEOUT_MINUTES) * MINUTE_MS,
    tell: (line) => {
      const time = new Date().toISOString().slice(11, 19);
      io.stderr.write(`${redact(`${time} ${line.replace(/\p{Cc}+/gu, ' ')}`, io.env)}\n`);
    },
  };
  try {
    const wanted = await releaseOf(io, values, settings);
    stop.signal.throwIfAborted();
    return await deployRelease(attempt, wanted);
  } catch (error) {
    if (error === stop.signal.reason) throw new StoppedError('Stopped; nothing was changed');
    throw awsRefusal(error);
  } finally {
    release();
  }
}

async function deploy(values: Values, io: Io): Promise<ExitCode> {
  const settings = readDeploySettings(io.cwd, values);
  requireFunctions(io.cwd, () => functionEntries(io.cwd));
  requireAnswers(io, values);
  const { profile } = values;
  const cloud = await openCloud({ cwd: io.cwd, env: io.env, region: settings.region, profile });
  try {
    const deployed = await attemptOf(io, values, cloud);
    const { stack } = settings;
    if (values.json) writeJson(io, { stack, region: cloud.region, ...deployed });
    else {
      const mark = styleOf(io.stdout, io.env).green('✓');
      io.stdout.write(redact(`${mark} ${stack}: ${reportText(deployed)}`, io.env));
    }
    return exitCodes.ok;
  } finally {
    cloud.close();
  }
}

/** `tenon deploy`. */
export const deployCommand = defineCommand({
  name: 'deploy',
  summary: 'Deploy the app to AWS: preview, migrations, traffic, health, and the way back',
  flags,
  run: deploy,
});
