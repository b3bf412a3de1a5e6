import { isTenonError } from '@tenon/core';
import type { Diagnosis, Queue, QueueSetup, QueueShape } from '@tenon/core';

const NAME = 'Queue settings';
const SECOND_MS = 1_000;
/** So often a message may be hidden for the whole time of its function: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_FACTOR = 6;
const DAY_MS = 86_400_000;

const isLocal = (endpoint: string | undefined): boolean =>
  endpoint !== undefined &&
  /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(endpoint);

interface Finding {
  readonly what: string;
  readonly advice: string;
}

function problemsOf(setup: QueueSetup, jobTimeoutMs: number): Finding[] {
  const { queue, visibilityMs, maxReceives, retentionMs } = setup;
  const seconds = Math.ceil(jobTimeoutMs / SECOND_MS);
  const needed = VISIBILITY_FACTOR * seconds;
  const found: Finding[] = [];
  if (visibilityMs !== null && visibilityMs < needed * SECOND_MS)
    found.push({
      what: `${queue}: its visibility time-out is ${visibilityMs / SECOND_MS} s, and a job may take ${seconds} s`,
      advice: `set VisibilityTimeout of ${queue} to ${needed} s at least, six times the time of a job: on Lambda a message would be worked on twice`,
    });
  if (maxReceives === null)
    found.push({
      what: `${queue}: it has no dead-letter queue`,
      advice: `give ${queue} a RedrivePolicy with maxReceiveCount 50: what is no job would come back for ever`,
    });
  if (maxReceives !== null && maxReceives < 50)
    found.push({
      what: `${queue}: it gives a message up after ${maxReceives} receives`,
      advice: `set maxReceiveCount of ${queue} to 50: retries and put-offs of jobs count as receives, and a run would wait for a job that is gone`,
    });
  if (retentionMs !== null && retentionMs < DAY_MS)
    found.push({
      what: `${queue}: it keeps messages for ${retentionMs / 3_600_000} h`,
      advice: `set MessageRetentionPeriod of ${queue} to some days`,
    });
  return found;
}

function summary({ queue, visibilityMs, maxReceives }: QueueSetup): string {
  const hidden = visibilityMs === null ? '' : `, hides messages for ${visibilityMs / SECOND_MS} s`;
  const dead =
    maxReceives === null ? 'no dead letters' : `dead letters after ${maxReceives} receives`;
  return `${queue}: ${dead}${hidden}`;
}

/** The mapping between queue and function belongs to Lambda; nothing here may ask it. */
function partialAnswers(): Diagnosis {
  return {
    name: 'Partial batch responses',
    status: 'ok',
    message: "not looked at from here: they are set at Lambda's event-source mapping",
    advice:
      'Containers need none. tenon synth sets them; otherwise FunctionResponseTypes of aws lambda list-event-source-mappings must have ReportBatchItemFailures',
  };
}

/** Visibility time-outs, dead-letter queues and partial answers. Nothing when the queues cannot be asked: another check says so. */
export async function diagnoseQueues(
  queue: Queue,
  shapes: readonly QueueShape[],
  endpoint: string | undefined,
): Promise<readonly Diagnosis[]> {
  let setups: readonly QueueSetup[];
  try {
    setups = (await queue.inspect?.()) ?? [];
  } catch (error) {
    if (isTenonError(error)) return [];
    throw error;
  }
  if (setups.length === 0) return [];
  const message = setups.map(summary).join('; ');
  if (isLocal(endpoint))
    return [{ name: NAME, status: 'ok', message: `local endpoint; ${message}`, advice: null }];
  const timeOf = new Map(shapes.map(({ name, jobTimeoutMs }) => [name, jobTimeoutMs]));
  const problems = setups.flatMap((setup) => problemsOf(setup, timeOf.get(setup.queue) ?? 0));
  if (problems.length === 0)
    return [{ name: NAME, status: 'ok', message, advice: null }, partialAnswers()];
  return [
    {
      name: NAME,
      status: 'warning',
      message: problems.map(({ what }) => what).join('\n'),
      advice: problems.map(({ advice }) => advice).join('; '),
    },
    partialAnswers(),
  ];
}
