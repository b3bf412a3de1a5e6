import type { Schedule } from '../schedule/schedule.js';
import { about, note, notEntered, READING } from './audit-note.js';
import type { AuditDescriptions } from './audit-note.js';

const TRAFFIC = notEntered(
  'Traffic of the product, with rows of its own; uses of credentials are entered by themselves',
);
const BY_ITSELF = notEntered('It runs by itself and decides nothing');

const installations: AuditDescriptions['installations'] = {
  create: ({ context, result: { id, integration } }) =>
    note(context, 'installation.created', about('installation', id, { integration })),
  get: READING,
  list: READING,
  // Configuration may say more than a trail should keep.
  update: ({ context, input, result: { id } }) =>
    note(
      context,
      'installation.updated',
      about('installation', id, {
        changed: (['name', 'config'] as const).filter((field) => input[field] !== undefined),
      }),
    ),
  enable: ({ context, result: { id } }) =>
    note(context, 'installation.enabled', about('installation', id)),
  disable: ({ context, result: { id } }) =>
    note(context, 'installation.disabled', about('installation', id)),
  delete: ({ context, input }) =>
    note(context, 'installation.deleted', about('installation', input.installationId)),
  runAction: TRAFFIC,
  startRun: TRAFFIC,
};

const runs: AuditDescriptions['runs'] = {
  get: READING,
  list: READING,
  cancel: ({ context, result: { id } }) => note(context, 'run.cancelled', about('run', id)),
  resume: ({ context, result: { id } }) => note(context, 'run.resumed', about('run', id)),
};

const deadLetters: AuditDescriptions['deadLetters'] = {
  list: READING,
  get: READING,
  redrive: ({ context, input }) =>
    note(context, 'dead_letter.redriven', about('dead_letter', input.deadLetterId)),
  discard: ({ context, input: { deadLetterId, reason } }) =>
    note(context, 'dead_letter.discarded', about('dead_letter', deadLetterId, { reason })),
};

const jobs: AuditDescriptions['jobs'] = {
  process: TRAFFIC,
  tryRun: TRAFFIC,
  tryMessage: TRAFFIC,
  relayOutbox: BY_ITSELF,
  list: READING,
  get: READING,
  retry: ({ context, input }) => note(context, 'job.retried', about('job', input.jobId)),
  discard: ({ context, input: { jobId, reason } }) =>
    note(context, 'job.discarded', about('job', jobId, { reason })),
};

function aboutSchedule({ id, installationId, name, job, enabled }: Schedule) {
  return about('schedule', id, { installationId, name, job, enabled });
}

const schedules: AuditDescriptions['schedules'] = {
  create: ({ context, result }) => note(context, 'schedule.created', aboutSchedule(result)),
  get: READING,
  list: READING,
  update: ({ context, result }) => note(context, 'schedule.updated', aboutSchedule(result)),
  delete: ({ context, input: { scheduleId, installationId = null } }) =>
    note(context, 'schedule.deleted', about('schedule', scheduleId, { installationId })),
  fire: BY_ITSELF,
  tick: BY_ITSELF,
};

/** What runs between connections. */
export const workDescriptions = {
  integrations: { list: READING, get: READING },
  installations,
  runs,
  deadLetters,
  schedules,
  webhooks: { receive: TRAFFIC, listDeliveries: READING },
  jobs,
} satisfies Partial<AuditDescriptions>;
