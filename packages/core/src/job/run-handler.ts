import type { Integration } from '../integration/integration.js';
import { openHandling } from '../integration/handling.js';
import type { Handling } from '../integration/handling.js';
import { AbortSource } from '../platform/abort-source.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { StandardSchemaV1 } from '../platform/standard-schema.js';
import { validateWith } from '../platform/validate.js';
import { within } from '../platform/within.js';
import { announceAdvanced, announceStarted } from '../run/announce-run.js';
import { runCancelled } from '../run/run.errors.js';
import { BufferedRun } from '../run/run-handle.js';
import type { Run } from '../run/run.js';
import { handleDelivery } from '../webhook/handle-delivery.js';
import type { DeliverySettlement } from '../webhook/handle-delivery.js';
import { webhookDeliveryIdOf } from '../webhook/webhook-job.js';
import { sendCommitted } from './dispatch-jobs.js';
import { jobsOfRun, writeEffects } from './effects.js';
import type { EffectBatch, Effects } from './effects.js';
import type { JobAttempt } from './job-attempt.js';
import { leaseEnd } from './job-claim.js';
import type { JobParts } from './job-parts.js';
import { jobLeaseLost, jobUnknown } from './job.errors.js';
import { WEBHOOK_JOB } from './job.js';
import { keepClaim } from './keep-claim.js';
import { findJob } from './new-job.js';

/** What a handler that ended well leaves to commit. */
export interface HandlerResult {
  readonly batch: EffectBatch;
  /** For webhook deliveries. */
  readonly delivery: DeliverySettlement | null;
}

/** Commits what a handler has collected so far; its claim must still hold, its run must not be cancelled. */
async function saveRun(
  parts: JobParts,
  { message, claim, logger }: JobAttempt,
  { effects, run }: { readonly effects: Effects; readonly run: Run },
): Promise<Run> {
  const batch = effects.take();
  const { tenantId, installationId } = message;
  const { clock } = parts.platform;
  try {
    const saved = await parts.persistence.transaction(async (repositories) => {
      const until = leaseEnd(clock, parts.settings.leaseMs);
      if (!(await claim.renew(repositories, until))) throw jobLeaseLost();
      await writeEffects(repositories, batch, { tenantId, installationId, parts });
      const pendingJobs = jobsOfRun(batch, run.id);
      const change = { ...batch.run, pendingJobs, at: clock.now() };
      const advanced = await repositories.runs.advance(tenantId, run.id, change);
      if (!advanced || advanced.state === 'cancelled') throw runCancelled(run.id);
      return advanced;
    });
    announceStarted(parts.events, batch.runs);
    announceAdvanced(parts.events, saved, 0);
    await sendCommitted(parts, batch.jobs, logger);
    return saved;
  } catch (error) {
    effects.fail(error);
    throw error;
  }
}

async function runJob(
  parts: JobParts,
  attempt: JobAttempt,
  { integration, handling }: { readonly integration: Integration; readonly handling: Handling },
): Promise<void> {
  const { message, claim, subject } = attempt;
  const definition = findJob(integration, message.job);
  if (!definition) throw jobUnknown(integration.name, message.job);
  const what = `The input of the job '${message.job}'`;
  // Jobs without input travel as null, which most schemas of optional inputs refuse.
  const given = message.input ?? undefined;
  const schema = definition.input as StandardSchemaV1 | undefined;
  const input = schema ? await validateWith(schema, given, what) : undefined;
  const { context, effects } = handling;
  const { run } = subject;
  const commit = (): Promise<Run> =>
    run ? saveRun(parts, attempt, { effects, run }) : Promise.reject(new TypeError('No run'));
  const full = {
    ...context,
    input,
    job: {
      id: message.id,
      name: message.job,
      attempt: claim.attempt,
      idempotencyKey: message.id,
    },
    run: run && new BufferedRun(run, effects, commit),
  };
  await definition.run(full);
}

/** Calls the handler of a job or of a webhook under its signal. */
async function callHandler(
  parts: JobParts,
  attempt: JobAttempt,
  signal: CancellationSignal,
): Promise<HandlerResult> {
  const { message, subject, logger } = attempt;
  const { integration, installation, connections } = subject;
  if (!integration) throw jobUnknown(installation.integration, message.job);
  const { runId, requestId } = message;
  const scope = { installation, integration, connections, runId, requestId, logger, signal };
  const handling = openHandling(parts, scope);
  try {
    let delivery: DeliverySettlement | null = null;
    if (message.job === WEBHOOK_JOB) {
      const id = webhookDeliveryIdOf(message);
      delivery = await handleDelivery(parts, { integration, handling, id });
    } else await runJob(parts, attempt, { integration, handling });
    return { batch: handling.effects.take(), delivery };
  } finally {
    handling.effects.end();
  }
}

function timeoutOf(parts: JobParts, { message, subject }: JobAttempt): number {
  const definition = subject.integration && findJob(subject.integration, message.job);
  return definition?.timeoutMs ?? parts.settings.timeoutMs;
}

/**
 * Runs the handler of a job while its claim is kept. The handler's signal aborts when its time is over, the worker shuts down, the
 * claim is lost or the run is cancelled. @throws what the handler throws, or the signal's reason.
 */
export async function runHandler(parts: JobParts, attempt: JobAttempt): Promise<HandlerResult> {
  const { message, claim, delivery, logger } = attempt;
  const source = new AbortSource();
  const shutDown = (): void => source.abort(delivery.signal.reason);
  delivery.signal.addEventListener('abort', shutDown, { once: true });
  if (delivery.signal.aborted) shutDown();
  const { runId, tenantId } = message;
  const kept = keepClaim(parts, claim, {
    logger,
    onLost: (reason) => source.abort(reason),
    onRenewed: async () => {
      const run = runId && (await parts.persistence.runs.find(tenantId, runId));
      if (run?.state === 'cancelled') source.abort(runCancelled(run.id));
    },
  });
  const { clock } = parts.platform;
  const { graceMs } = parts.settings;
  const limit = { clock, timeoutMs: timeoutOf(parts, attempt), graceMs, parent: source };
  try {
    return await within(limit, (signal) => callHandler(parts, attempt, signal));
  } finally {
    delivery.signal.removeEventListener('abort', shutDown);
    await kept.stop();
  }
}
