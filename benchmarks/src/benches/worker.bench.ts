import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import { silentLogger } from '@tenon/core';
import type { TenantId } from '@tenon/core';
import { Worker } from '@tenon/sqs-worker';
import type { RecordContext, SqsBatchResponse, SqsEvent } from '@tenon/sqs-worker';
import { aJobMessage, lambdaContext, sqsEvent } from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { interleave, median, medianRatio } from '../interleave.js';

interface Job {
  readonly id: number;
  readonly tenantId: TenantId;
}

type Work = (job: Job, context?: RecordContext) => Promise<void>;

const noWork: Work = async () => undefined;
const ioMs = 20;
const waits: Work = () => new Promise((resolve) => setTimeout(resolve, ioMs));

/** Ours, with everything on that a worker has by default: tenant, log context, deadline, partial responses. */
class JobWorker extends Worker<Job, void> {
  constructor(
    private readonly work: Work,
    concurrency = 10,
  ) {
    super({
      queueName: 'jobs',
      logger: silentLogger,
      tenantOf: ({ tenantId }) => tenantId,
      concurrency,
    });
  }

  validate(input: unknown): Job {
    return input as Job;
  }

  run(job: Job, context: RecordContext): Promise<void> {
    return this.work(job, context);
  }
}

/** The least that answers partial failures. */
async function bare(event: SqsEvent): Promise<SqsBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    try {
      await noWork(JSON.parse(record.body) as Job);
    } catch {
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

async function settleAll(event: SqsEvent): Promise<SqsBatchResponse> {
  const results = await Promise.allSettled(
    event.Records.map(async ({ body }) => noWork(JSON.parse(body) as Job)),
  );
  const failed = event.Records.filter((_, index) => results[index]?.status === 'rejected');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

const tenantId = '01900000-0000-7000-8000-000000000001' as TenantId;

/** The least that a worker with tenants can be sent: parsing it costs next to nothing, so that the rest shows most. */
function jobs(count: number): ReturnType<typeof sqsEvent> {
  return sqsEvent(Array.from({ length: count }, (_, id) => ({ body: { id, tenantId } })));
}

/** What an app's queue really carries. */
function jobMessages(count: number): ReturnType<typeof sqsEvent> {
  return sqsEvent(Array.from({ length: count }, () => ({ body: aJobMessage({ tenantId }) })));
}

async function overhead(
  what: string,
  event: ReturnType<typeof sqsEvent>,
  iterations: number,
): Promise<readonly Row[]> {
  const context = lambdaContext({ timeoutMs: 900_000 });
  const ours = new JobWorker(noWork);
  const viaMiddy = middy<SqsEvent>().handler((sqs: SqsEvent) => settleAll(sqs));
  const processor = new BatchProcessor(EventType.SQS);
  const powertools = (): Promise<unknown> =>
    processPartialResponse(
      event,
      (record: { body: string }) => noWork(JSON.parse(record.body) as Job),
      processor,
      { context: context as never },
    );
  const t = await interleave(
    {
      bare: () => bare(event),
      ours: () => ours.handle(event, context),
      middy: () => viaMiddy(event, context as never),
      powertools,
    },
    // Many short rounds: whatever else the machine does spoils a round or none.
    { rounds: 201, iterations, warmup: iterations * 20 },
  );
  const value = median(t.ours);
  const against = (name: string, peer: readonly number[]): Row => ({
    figure: `Worker, ${what}, over ${name}`,
    unit: 'µs',
    ours: value,
    peer: { name, value: median(peer) },
    ratio: medianRatio(t.ours, peer),
  });
  return [
    { ...against('bare loop', t.bare), bar: { of: 'ratio', max: 1.2 } },
    against('@middy/core', t.middy),
    against('Powertools batch', t.powertools),
  ];
}

async function concurrency(): Promise<Row> {
  const event = jobs(10);
  const together = new JobWorker(waits);
  const single = new JobWorker(waits, 1);
  const t = await interleave(
    { together: () => together.handle(event), single: () => single.handle(event) },
    { rounds: 7, iterations: 3, warmup: 1 },
  );
  return {
    figure: `Worker, 10 records of ${ioMs} ms I/O, times faster at concurrency 10 than 1`,
    unit: 'µs',
    ours: median(t.together),
    peer: { name: 'one after another', value: median(t.single) },
    ratio: medianRatio(t.single, t.together),
    bar: { of: 'ratio', min: 8 },
  };
}

/** What a worker costs over the loop that one would write by hand, and what its concurrency gives. */
export const bench: Bench = {
  name: 'worker',
  title: 'Worker with tenant, log context and partial responses',
  bar: '≤ 1.2× a bare loop; ≥ 8× by concurrency 10',
  async run() {
    return [
      ...(await overhead('10 no-op records', jobs(10), 250)),
      ...(await overhead('1,000 no-op records', jobs(1_000), 3)),
      ...(await overhead('10 job messages', jobMessages(10), 250)),
      await concurrency(),
    ];
  },
};
