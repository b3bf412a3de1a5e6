import { isTenonError } from '@tenon/core';
import type { Clock, Commands, EventBus, JobDelivery, ServiceActivity } from '@tenon/core';

type Hear = (activity: ServiceActivity) => void;

interface Enqueued {
  readonly job: string;
  readonly requestId: string;
}

/** Messages that are no jobs are told of in the log. */
function enqueuedOf({ body }: JobDelivery): Enqueued | null {
  try {
    const { job, requestId } = JSON.parse(body) as Partial<Enqueued>;
    return typeof job === 'string' && typeof requestId === 'string' ? { job, requestId } : null;
  } catch {
    return null;
  }
}

/** Commands that tell of jobs and webhooks, and are otherwise the same. */
export function observedCommands(commands: Commands, clock: Clock, hear: Hear): Commands {
  const process: Commands['jobs']['process'] = async (context, delivery) => {
    const since = clock.now().getTime();
    const outcome = await commands.jobs.process(context, delivery);
    const enqueued = enqueuedOf(delivery);
    if (enqueued) {
      const result = outcome.decision === 'ack' ? outcome.result : outcome.reason;
      const tookMs = clock.now().getTime() - since;
      hear({ kind: 'job', ...enqueued, queue: delivery.queue, result, tookMs });
    }
    return outcome;
  };
  const receive: Commands['webhooks']['receive'] = async (context, input) => {
    const { requestId } = context;
    const told = { kind: 'webhook', requestId, endpointId: input.endpointId } as const;
    try {
      const answer = await commands.webhooks.receive(context, input);
      hear({ ...told, result: answer.status, code: null });
      return answer;
    } catch (error) {
      const code = isTenonError(error) ? error.code : 'UNEXPECTED';
      hear({ ...told, result: 'refused', code });
      throw error;
    }
  };
  return {
    ...commands,
    jobs: { ...commands.jobs, process },
    webhooks: { ...commands.webhooks, receive },
  };
}

/** Tells of runs. */
export function observeRuns(events: EventBus, hear: Hear): void {
  events.subscribe('run.started', ({ data: { runId, job } }) => {
    hear({ kind: 'run', runId, job, state: 'queued', progress: null });
  });
  events.subscribe('run.progressed', ({ data: { runId, state, progress } }) => {
    hear({ kind: 'run', runId, job: null, state, progress });
  });
  events.subscribe('run.finished', ({ data: { runId, state } }) => {
    hear({ kind: 'run', runId, job: null, state, progress: null });
  });
}
