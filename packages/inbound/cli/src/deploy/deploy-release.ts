import type { Attempt } from './attempt.js';
import { createChangeSet, discardChangeSet } from './change-sets.js';
import type { ChangeSet } from './change-sets.js';
import { DeployError } from './deploy.errors.js';
import { execute, goBack } from './going-back.js';
import { checkHealth } from './health.js';
import { interrupted, tidyUp } from './interruption.js';
import { MigrationFailure, migrate, setCode } from './migration.js';
import { findReleasesBucket, makeReleasesBucket, putObject } from './releases.js';
import { parametersOf, snapshotOf } from './release.js';
import type { Deployed, Release, Snapshot, Underway } from './release.js';
import { requireReady } from './stack-readiness.js';
import { byHand, findStack } from './stacks.js';
import type { StackState } from './stacks.js';

/** Stands for a bucket in a preview. */
const NO_BUCKET_YET = 'bucket-to-be-made';

async function bucketOf(
  attempt: Attempt,
  underway: Underway,
  { release, stack }: { readonly release: Release; readonly stack: StackState | null },
): Promise<string> {
  const known =
    release.bucket ??
    (await findReleasesBucket(attempt)) ??
    stack?.parameters.get('CodeBucket') ??
    null;
  if (known !== null) return known;
  if (release.previewOnly) return NO_BUCKET_YET;
  await release.confirm(
    `Make the stack tenon-deploy with a bucket for releases in ${attempt.cloud.region}?`,
  );
  underway.phase = 'bucket';
  const bucket = await makeReleasesBucket(attempt);
  underway.phase = 'preparing';
  return bucket;
}

/** Migrates with the code of the release. @throws DeployError `DEPLOY_FAILED`; nothing else was changed. */
async function migrateFirst(
  attempt: Attempt,
  functionName: string,
  after: { readonly now: string },
): Promise<readonly string[]> {
  attempt.tell(`migrating with ${functionName}`);
  try {
    return await migrate(attempt, functionName);
  } catch (error) {
    if (!(error instanceof MigrationFailure)) throw error;
    throw new DeployError(
      'DEPLOY_FAILED',
      `The migration failed: ${error.message}. ${after.now}. The log of the function ${functionName} has more`,
      error,
    );
  }
}

async function lookAfter(
  attempt: Attempt,
  underway: Underway,
  way: {
    readonly release: Release;
    readonly stack: StackState;
    readonly before: Snapshot | null;
    readonly bucket: string;
  },
): Promise<string | null> {
  const { release, stack, before, bucket } = way;
  const apiUrl = stack.outputs.get('ApiUrl');
  if (release.healthMs === null || apiUrl === undefined) return null;
  underway.phase = 'checking';
  const { url, problem } = await checkHealth(attempt, apiUrl, release.healthMs);
  if (problem === null) return url;
  const text = `${url} is not ready: ${problem}`;
  if (before === null) {
    throw new DeployError(
      'DEPLOY_FAILED',
      `${text}. There is no release to go back to: the new stack has the traffic`,
    );
  }
  throw await goBack(attempt, underway, { before, bucket, problem: text });
}

/** Makes a stack that nothing calls, migrates, then lets traffic in. */
async function deployFirst(
  attempt: Attempt,
  underway: Underway,
  way: { readonly release: Release; readonly changeSet: ChangeSet; readonly bucket: string },
): Promise<Deployed> {
  const { release, changeSet, bucket } = way;
  const { changes } = changeSet;
  const made = await execute(attempt, underway, changeSet.name);
  const functionName = made.outputs.get('MigrateFunction');
  if (!release.migrates || functionName === undefined) {
    const readyUrl = await lookAfter(attempt, underway, { ...way, stack: made, before: null });
    return { result: 'created', changes, migrations: null, readyUrl };
  }
  requireFilledSecret(attempt, made);
  underway.phase = 'migrating';
  const now = `The stack ${attempt.stackName} was made and takes no traffic; deploy again when the cause is gone`;
  const migrations = await migrateFirst(attempt, functionName, { now });
  const before = await snapshotOf(attempt, made);
  const opening = await createChangeSet(attempt, {
    kind: 'UPDATE',
    template: release.template.text,
    parameters: parametersOf(release, made, { bucket, traffic: 'on' }),
    bucket,
  });
  if (opening) underway.changeSet = opening.name;
  const stack = opening ? await execute(attempt, underway, opening.name) : made;
  const readyUrl = await lookAfter(attempt, underway, { ...way, stack, before });
  return { result: 'created', changes, migrations, readyUrl };
}

/** The secret that a stack makes has no address of a database yet. */
function requireFilledSecret({ cloud, stackName }: Attempt, made: StackState): void {
  if (made.parameters.get('AppSecretArn') !== '') return;
  const secret = made.outputs.get('SecretArn') ?? '';
  throw new DeployError(
    'DEPLOY_UNFINISHED',
    `The stack ${stackName} was made and takes no traffic yet. Put DATABASE_URL and the other values into its secret ` +
      `(keep the generated TENON_HEALTH_KEY): aws secretsmanager put-secret-value --region ${cloud.region} --secret-id ${secret} --secret-string file://secret.json. ` +
      'Then run tenon deploy again: it migrates and lets traffic in',
  );
}

/** Migrates with the new code while the old has the traffic, then executes what was shown. */
async function deployNext(
  attempt: Attempt,
  underway: Underway,
  way: {
    readonly release: Release;
    readonly changeSet: ChangeSet;
    readonly bucket: string;
    readonly stack: StackState;
  },
): Promise<Deployed> {
  const { release, changeSet, bucket, stack } = way;
  const before = await snapshotOf(attempt, stack);
  const functionName = stack.outputs.get('MigrateFunction');
  let migrations: readonly string[] | null = null;
  if (release.migrates && functionName !== undefined) {
    const { parameters } = stack;
    const old = {
      bucket: parameters.get('CodeBucket') ?? bucket,
      key: [parameters.get('MigrateCodeKey'), parameters.get('CodeKey')].find(Boolean) ?? '',
    };
    underway.phase = 'migrating';
    underway.undo = (calm) => setCode(calm, functionName, old);
    await setCode(attempt, functionName, { bucket, key: release.code.key });
    const now =
      parameters.get('Traffic') === 'off'
        ? 'Nothing else was changed: the stack takes no traffic yet'
        : 'Nothing else was changed: the release before has the traffic';
    migrations = await migrateFirst(attempt, functionName, { now });
  }
  const updated = await execute(attempt, underway, changeSet.name);
  underway.undo = async () => undefined;
  const readyUrl = await lookAfter(attempt, underway, { ...way, stack: updated, before });
  return { result: 'updated', changes: changeSet.changes, migrations, readyUrl };
}

async function deploy(attempt: Attempt, release: Release, underway: Underway): Promise<Deployed> {
  const found = await findStack(attempt, attempt.stackName);
  const stack = await requireReady(attempt, { release, found, underway });
  const bucket = await bucketOf(attempt, underway, { release, stack });
  const closed = stack === null && release.migrates && release.template.hasMigrate;
  const changeSet = await createChangeSet(attempt, {
    kind: stack === null ? 'CREATE' : 'UPDATE',
    template: release.template.text,
    parameters: parametersOf(release, stack, { bucket, traffic: closed ? 'off' : 'on' }),
    bucket: bucket === NO_BUCKET_YET ? null : bucket,
  });
  if (changeSet === null) {
    return { result: 'unchanged', changes: [], migrations: null, readyUrl: null };
  }
  const { name, changes } = changeSet;
  underway.changeSet = name;
  release.show(changes);
  if (release.previewOnly) {
    underway.changeSet = null;
    await discardChangeSet(attempt, name);
    return { result: 'previewed', changes, migrations: null, readyUrl: null };
  }
  if (closed) attempt.tell('first without traffic; that is let in when the database is migrated');
  await release.confirm(stack === null ? 'Make this stack?' : 'Change the stack so?');
  const uploaded = await putObject(attempt, bucket, release.code);
  attempt.tell(`${uploaded ? 'uploaded' : 'already there:'} s3://${bucket}/${release.code.key}`);
  return stack === null
    ? await deployFirst(attempt, underway, { release, changeSet, bucket })
    : await deployNext(attempt, underway, { release, changeSet, bucket, stack });
}

/** What AWS still does when it could not be watched to its end. */
function unwatched(attempt: Attempt, { phase }: Underway, error: unknown): unknown {
  if (phase !== 'updating' && phase !== 'going-back') return error;
  if (!(error instanceof DeployError) || !error.code.startsWith('AWS_')) return error;
  const { watch } = byHand(attempt);
  const text = `${error.message}. The stack ${attempt.stackName} goes on without being watched: ${watch}`;
  return new DeployError(error.code as 'AWS_DENIED', text, error);
}

/**
 * Deploys a release: change set, migrations, traffic, health; the way back where it fails.
 * @throws DeployError, StoppedError; both say how things are then.
 */
export async function deployRelease(attempt: Attempt, release: Release): Promise<Deployed> {
  const underway: Underway = { phase: 'preparing', changeSet: null, undo: async () => undefined };
  try {
    return await deploy(attempt, release, underway);
  } catch (error) {
    if (attempt.signal.aborted && (error as Error).name === 'AbortError') {
      throw await interrupted(attempt, underway);
    }
    // CloudFormation set the code of an update that went back.
    if (underway.phase === 'preparing' || underway.phase === 'migrating') {
      const left = await tidyUp(attempt, underway);
      if (left !== '') attempt.tell(left.replace(/^\. /, ''));
    }
    throw unwatched(attempt, underway, error);
  }
}
