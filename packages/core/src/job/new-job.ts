import type { InstallationId } from '../installation/installation.js';
import type { EnqueueOptions } from '../integration/integration-context.js';
import type { Integration } from '../integration/integration.js';
import { ValidationError } from '../platform/common.errors.js';
import type { JsonValue } from '../platform/json.js';
import { toJsonValue } from '../platform/to-json.js';
import { utf8Length } from '../platform/utf8.js';
import { validateWith } from '../platform/validate.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import { isFifo } from './dispatch-jobs.js';
import { jobMessageTooLarge, jobNotDeclared } from './job.errors.js';
import type { DispatchParts } from './job-parts.js';
import type { JobMessage, OutgoingJob } from './job.js';

/** The logical queue of jobs that name none, and of webhooks. */
export const DEFAULT_QUEUE = 'default';

/** Longer plans belong in a schedule. */
const MAX_DELAY_MS = 14 * 24 * 60 * 60 * 1000;

type AnyJob = NonNullable<Integration['jobs']>[string];

/** Who enqueues. */
export interface JobOrigin {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly runId: RunId | null;
  readonly requestId: string;
}

/** The definition of a job, or null. Names that objects inherit are no jobs. */
export function findJob(integration: Integration, name: string): AnyJob | null {
  const jobs = integration.jobs ?? {};
  return Object.hasOwn(jobs, name) ? (jobs[name] ?? null) : null;
}

/** @throws ValidationError `JOB_NOT_DECLARED`, naming the nearest. */
export function declaredJob(integration: Integration, name: string): AnyJob {
  const job = findJob(integration, name);
  if (job) return job;
  throw jobNotDeclared(integration.name, name, Object.keys(integration.jobs ?? {}));
}

/**
 * Checks the input of a job against its schema and answers it as JSON, as it was given: the schema's output is made anew from it
 * when the job runs. @throws ValidationError.
 */
export async function checkedInput(
  integration: Integration,
  name: string,
  input: unknown,
): Promise<JsonValue> {
  const what = `The input of the job '${name}'`;
  const { input: schema } = declaredJob(integration, name);
  if (schema) await validateWith(schema, input, what);
  else if (input !== undefined && input !== null) {
    throw new ValidationError(what, [{ path: 'input', message: 'this job takes none' }]);
  }
  return toJsonValue(input ?? null, what, 'input');
}

function checkOptions(name: string, queue: string, options: EnqueueOptions): void {
  const what = `The options of the job '${name}'`;
  const { key, delayMs = 0, group } = options;
  const issues = [];
  if (key !== undefined && (key === '' || key.length > 200))
    issues.push({ path: 'key', message: 'it has 1 to 200 characters' });
  if (!Number.isInteger(delayMs) || delayMs < 0 || delayMs > MAX_DELAY_MS)
    issues.push({
      path: 'delayMs',
      message: `a whole number of milliseconds, 0 to ${MAX_DELAY_MS} (14 days)`,
    });
  if (group !== undefined && (group === '' || group.length > 128))
    issues.push({ path: 'group', message: 'it has 1 to 128 characters' });
  if (isFifo(queue) && delayMs > 0)
    issues.push({ path: 'delayMs', message: `the FIFO queue '${queue}' keeps order, not delays` });
  if (issues.length > 0) throw new ValidationError(what, issues);
}

/**
 * Makes a job ready to be handed over.
 * @throws ValidationError, TenonError `JOB_MESSAGE_TOO_LARGE`.
 */
export async function newJob(
  parts: Pick<DispatchParts, 'platform' | 'queue'>,
  origin: JobOrigin & { readonly integration: Integration },
  job: { readonly name: string; readonly input: unknown; readonly options?: EnqueueOptions },
): Promise<OutgoingJob> {
  const { name, options = {} } = job;
  const queue = declaredJob(origin.integration, name).queue ?? DEFAULT_QUEUE;
  checkOptions(name, queue, options);
  const input = await checkedInput(origin.integration, name, job.input);
  const message = newMessage(parts, origin, { job: name, input, key: options.key ?? null });
  const bytes = utf8Length(JSON.stringify(message));
  const { maxBodyBytes } = parts.queue.capabilities;
  if (bytes > maxBodyBytes) throw jobMessageTooLarge(name, bytes, maxBodyBytes);
  return {
    id: parts.platform.ids.next(),
    message,
    queue,
    delayMs: options.delayMs ?? 0,
    groupId: options.group ?? null,
  };
}

/** The message of a job that was checked already. */
export function newMessage(
  { platform }: Pick<DispatchParts, 'platform'>,
  origin: JobOrigin,
  job: Pick<JobMessage, 'job' | 'input' | 'key'>,
): JobMessage {
  return {
    v: 1,
    id: platform.ids.next(),
    tenantId: origin.tenantId,
    installationId: origin.installationId,
    runId: origin.runId,
    job: job.job,
    input: job.input,
    key: job.key,
    deferrals: 0,
    requestId: origin.requestId,
    enqueuedAt: platform.clock.now().toISOString(),
  };
}
