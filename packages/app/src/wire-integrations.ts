import {
  CancelRun,
  CheckHealth,
  CheckKeyRetirement,
  CheckReadiness,
  CreateInstallation,
  CreateSchedule,
  DeleteInstallation,
  DeleteSchedule,
  DisableInstallation,
  DiscardDeadLetter,
  DiscardJob,
  EnableInstallation,
  FireSchedule,
  GetDeadLetter,
  GetInstallation,
  GetIntegration,
  GetJob,
  GetKeyStatus,
  GetRun,
  GetSchedule,
  jobSettings,
  ListDeadLetters,
  ListInstallations,
  ListIntegrations,
  ListJobs,
  ListRuns,
  ListSchedules,
  ListWebhookDeliveries,
  ProcessJob,
  ReceiveWebhook,
  RedriveDeadLetter,
  RelayOutbox,
  ResumeRun,
  RetryJob,
  RotateKeys,
  RunAction,
  StartRun,
  Sweep,
  TickSchedules,
  TryMessage,
  TryRun,
  UpdateInstallation,
  UpdateSchedule,
} from '@tenon/core';
import type { Commands, JobParts, TenantDeletionParts } from '@tenon/core';
import type { Wiring } from './wiring.js';

/** What running integrations needs, from what the app has. */
export function jobParts({
  adapters,
  settings,
  registry,
  events,
  clients,
  sockets,
}: Wiring): JobParts {
  const { platform, persistence, queue, scheduler } = adapters;
  return {
    platform,
    persistence,
    queue,
    registry,
    events,
    apiClients: clients,
    sockets: sockets.publisher,
    scheduler,
    settings: jobSettings({ leaseMs: settings.jobLeaseMs, timeoutMs: settings.jobTimeoutMs }),
    webhookUrl: (endpointId) => `${settings.publicUrl}/api/webhooks/${endpointId}`,
  };
}

/** The integrations that the app offers. */
export function wireIntegrations({ registry }: Wiring): Commands['integrations'] {
  const list = new ListIntegrations({ registry });
  const get = new GetIntegration({ registry });
  return {
    list: (context, input) => list.execute(context, input),
    get: (context, input) => get.execute(context, input),
  };
}

/** Installations. */
export function wireInstallations(parts: JobParts): Commands['installations'] {
  const create = new CreateInstallation(parts);
  const get = new GetInstallation(parts);
  const list = new ListInstallations(parts);
  const update = new UpdateInstallation(parts);
  const enable = new EnableInstallation(parts);
  const disable = new DisableInstallation(parts);
  const remove = new DeleteInstallation(parts);
  const runAction = new RunAction(parts);
  const startRun = new StartRun(parts);
  return {
    create: (context, input) => create.execute(context, input),
    get: (context, input) => get.execute(context, input),
    list: (context, input) => list.execute(context, input),
    update: (context, input) => update.execute(context, input),
    enable: (context, input) => enable.execute(context, input),
    disable: (context, input) => disable.execute(context, input),
    delete: (context, input) => remove.execute(context, input),
    runAction: (context, input) => runAction.execute(context, input),
    startRun: (context, input) => startRun.execute(context, input),
  };
}

/** Runs and the jobs that stopped. */
export function wireRuns(parts: JobParts): Pick<Commands, 'runs' | 'deadLetters'> {
  const getRun = new GetRun(parts);
  const listRuns = new ListRuns(parts);
  const cancel = new CancelRun(parts);
  const resume = new ResumeRun(parts);
  const listLetters = new ListDeadLetters(parts);
  const getLetter = new GetDeadLetter(parts);
  const redrive = new RedriveDeadLetter(parts);
  const discard = new DiscardDeadLetter(parts);
  return {
    runs: {
      get: (context, input) => getRun.execute(context, input),
      list: (context, input) => listRuns.execute(context, input),
      cancel: (context, input) => cancel.execute(context, input),
      resume: (context, input) => resume.execute(context, input),
    },
    deadLetters: {
      list: (context, input) => listLetters.execute(context, input),
      get: (context, input) => getLetter.execute(context, input),
      redrive: (context, input) => redrive.execute(context, input),
      discard: (context, input) => discard.execute(context, input),
    },
  };
}

/** Jobs: looking at them, and running them. */
function wireJobs(parts: JobParts): Commands['jobs'] {
  const process = new ProcessJob(parts);
  const tryRun = new TryRun(parts);
  const tryMessage = new TryMessage(parts);
  const relay = new RelayOutbox(parts);
  const list = new ListJobs(parts);
  const get = new GetJob(parts);
  const retry = new RetryJob(parts);
  const discard = new DiscardJob(parts);
  return {
    process: (context, delivery) => process.execute(context, delivery),
    tryRun: (context, input) => tryRun.execute(context, input),
    tryMessage: (context, input) => tryMessage.execute(context, input),
    relayOutbox: (context, input) => relay.execute(context, input),
    list: (context, input) => list.execute(context, input),
    get: (context, input) => get.execute(context, input),
    retry: (context, input) => retry.execute(context, input),
    discard: (context, input) => discard.execute(context, input),
  };
}

/** Stored schedules. */
function wireSchedules(parts: JobParts): Omit<Commands['schedules'], 'tick' | 'fire'> {
  const create = new CreateSchedule(parts);
  const get = new GetSchedule(parts);
  const list = new ListSchedules(parts);
  const update = new UpdateSchedule(parts);
  const remove = new DeleteSchedule(parts);
  return {
    create: (context, input) => create.execute(context, input),
    get: (context, input) => get.execute(context, input),
    list: (context, input) => list.execute(context, input),
    update: (context, input) => update.execute(context, input),
    delete: (context, input) => remove.execute(context, input),
  };
}

/** What runs by itself: jobs, webhooks, schedules, cleaning. */
export function wireBackground(
  parts: TenantDeletionParts,
): Pick<Commands, 'jobs' | 'webhooks' | 'schedules' | 'maintenance'> {
  const receive = new ReceiveWebhook(parts);
  const listDeliveries = new ListWebhookDeliveries(parts);
  const tick = new TickSchedules(parts);
  const fire = new FireSchedule(parts);
  const sweep = new Sweep(parts);
  return {
    jobs: wireJobs(parts),
    webhooks: {
      receive: (context, input) => receive.execute(context, input),
      listDeliveries: (context, input) => listDeliveries.execute(context, input),
    },
    schedules: {
      ...wireSchedules(parts),
      tick: (context, input) => tick.execute(context, input),
      fire: (context, input) => fire.execute(context, input),
    },
    maintenance: { sweep: (context, input) => sweep.execute(context, input) },
  };
}

/** Keys of encryption. */
export function wireKeys({ adapters }: Wiring): Commands['keys'] {
  const status = new GetKeyStatus(adapters);
  const rotate = new RotateKeys(adapters);
  const retire = new CheckKeyRetirement(adapters);
  return {
    status: (context, input) => status.execute(context, input),
    rotate: (context, input) => rotate.execute(context, input),
    retire: (context, input) => retire.execute(context, input),
  };
}

/** Health. */
export function wireHealth({ adapters, registry }: Wiring): Commands['health'] {
  const ready = new CheckReadiness({ ...adapters, registry });
  const detailed = new CheckHealth({ ...adapters, registry });
  return {
    ready: (context, input) => ready.execute(context, input),
    detailed: (context, input) => detailed.execute(context, input),
  };
}
