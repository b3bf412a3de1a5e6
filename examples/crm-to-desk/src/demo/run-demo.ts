import { expectedCounts } from '../services/expected-counts.js';
import type { AppProcess } from './app-process.js';
import { printChecks } from './checks.js';
import type { Check } from './checks.js';
import { connectCustomer } from './connect.js';
import type { DemoOptions } from './demo-options.js';
import type { Customer } from './connect.js';
import type { Pace } from './progress-bar.js';
import type { Stage } from './stage.js';
import type { Items, RunDto } from './tenon-api.js';
import { watchRun } from './watch-run.js';
import { changeContact } from './webhook-step.js';
import type { WorkerReport } from './worker-report.js';

const NEW_NAME = 'Tenon on the Mortise';

interface Installed {
  readonly installationId: string;
  readonly runId: string;
}

async function install(customer: Customer, pageSize: number): Promise<Installed> {
  const { id } = await customer.api.post<{ id: string }>('/api/installations', {
    integration: 'crm-to-desk',
    connections: { crm: customer.crmConnection, desk: customer.deskConnection },
    config: { pageSize },
  });
  const { items } = await customer.api.get<Items<RunDto>>(`/api/runs?installationId=${id}`);
  const [run] = items;
  if (!run) throw new Error('The installation started no run');
  return { installationId: id, runId: run.id };
}

function runChecks(
  name: string,
  run: RunDto,
  expected: ReturnType<typeof expectedCounts>,
): Check[] {
  return [
    { what: `${name}: state`, expected: 'succeeded', actual: run.state },
    { what: `${name}: processed`, expected: expected.total, actual: run.progress.processed },
    {
      what: `${name}: refused by the desk`,
      expected: expected.rejected,
      actual: run.progress.failed,
    },
  ];
}

async function deskChecks(name: string, stage: Stage, accepted: number): Promise<Check[]> {
  const stats = await stage.desk.stats();
  return [
    { what: `${name}: held by the desk`, expected: accepted, actual: stats.stored },
    { what: `${name}: written twice`, expected: 0, actual: stats.changedMoreThanOnce },
  ];
}

/** A worker that is killed with SIGKILL when about a third is done, and the one that goes on. */
class Crash {
  killedAt: number | null = null;

  constructor(
    private readonly stage: Stage,
    public worker: AppProcess,
  ) {}

  async look({ progress }: RunDto): Promise<void> {
    if (this.killedAt !== null || progress.total === null) return;
    if (progress.processed < progress.total / 3) return;
    this.killedAt = progress.processed;
    await this.worker.kill();
    const records = this.killedAt.toLocaleString('en-US');
    console.log(
      `\n  killed the worker (pid ${this.worker.pid}) after ${records} records; starting another`,
    );
    this.worker = await this.stage.startWorker();
  }
}

/** Starts the second backfill by the integration's action, and watches it through the crash. */
async function crashedBackfill(
  crash: Crash,
  customer: Customer,
  installed: Installed,
): Promise<RunDto> {
  const { result } = await customer.api.post<{ result: { runId: string } }>(
    `/api/installations/${installed.installationId}/actions/resync`,
    { input: { key: 'second' } },
  );
  const { run } = await watchRun({
    api: customer.api,
    runId: result.runId,
    label: 'second backfill',
    worker: () => crash.worker,
    onLook: (looked) => crash.look(looked),
  });
  return run;
}

function printAddresses(stage: Stage): void {
  console.log('\nWhat runs where');
  const rows = [
    ['API', stage.apiUrl],
    ['documentation', `${stage.apiUrl}/docs`],
    ['OpenAPI', `${stage.apiUrl}/openapi.json`],
    ['health', `${stage.apiUrl}/health/ready`],
    ['CRM', stage.crm.url],
    ['desk', stage.desk.url],
    ...stage.servers.map(({ name, address }) => [name, address]),
  ];
  for (const [name = '', address = ''] of rows) console.log(`  ${name.padEnd(14)} ${address}`);
}

function printPace(pace: Pace, worker: AppProcess): void {
  const megabytes = ((worker.report?.peakMemoryBytes ?? 0) / 1_048_576).toFixed(0);
  const speed = Math.round(pace.recordsPerSecond).toLocaleString('en-US');
  console.log(
    `  ${speed} records/s over ${pace.seconds.toFixed(1)} s; peak memory of the worker ${megabytes} MB`,
  );
}

/** Figures of the first backfill. */
export interface Figures {
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
  readonly peakMemoryBytes: number;
}

function figuresOf(records: number, pace: Pace, { before, after }: WorkerSpan): Figures {
  return {
    records,
    recordsPerSecond: pace.recordsPerSecond,
    cpuMicrosPerRecord: ((after?.cpuMicros ?? 0) - (before?.cpuMicros ?? 0)) / records,
    peakMemoryBytes: after?.peakMemoryBytes ?? 0,
  };
}

interface WorkerSpan {
  readonly before: WorkerReport | null;
  readonly after: WorkerReport | null;
}

interface Scene {
  readonly stage: Stage;
  readonly customer: Customer;
  readonly installed: Installed;
  readonly worker: AppProcess;
  readonly expected: ReturnType<typeof expectedCounts>;
}

async function changeStep({ stage }: Scene): Promise<void> {
  console.log('\n3 · Somebody changes a contact at the CRM; the signed webhook carries it across');
  const change = await changeContact(stage, NEW_NAME);
  console.log(`  "${NEW_NAME}" stood at the desk after ${change.milliseconds.toFixed(0)} ms`);
}

async function crashStep({
  stage,
  customer,
  installed,
  worker,
  expected,
}: Scene): Promise<Check[]> {
  console.log(
    '\n4 · The desk is emptied, a second backfill begins, and its worker is killed in the middle',
  );
  await stage.desk.reset();
  const crash = new Crash(stage, worker);
  const run = await crashedBackfill(crash, customer, installed);
  const dead = await customer.api.get<Items<unknown>>('/api/dead-letters');
  return [
    ...runChecks('second', run, expected),
    ...(await deskChecks('second', stage, expected.accepted)),
    {
      what: 'second: killed in the middle',
      expected: 'yes',
      actual: crash.killedAt === null ? 'no' : 'yes',
    },
    { what: 'dead letters', expected: 0, actual: dead.items.length },
  ];
}

/** The main job, end to end, over HTTP. Answers whether every count agrees with the source. */
export async function runDemo(
  stage: Stage,
  options: Pick<DemoOptions, 'records' | 'pageSize' | 'backfillOnly'>,
): Promise<{ readonly agreed: boolean; readonly figures: Figures }> {
  const { records } = options;
  const expected = expectedCounts(records);
  const worker = await stage.startWorker();
  console.log('\n1 · A customer signs up and connects both accounts (OAuth with PKCE; API key)');
  const customer = await connectCustomer(stage);
  const amount = records.toLocaleString('en-US');
  console.log(`\n2 · It installs the integration; ${amount} contacts go from the CRM to the desk`);
  const before = worker.report;
  const pageSize = options.pageSize ?? Math.min(1000, Math.max(20, Math.ceil(records / 50)));
  const installed = await install(customer, pageSize);
  const watch = {
    api: customer.api,
    runId: installed.runId,
    label: 'first backfill ',
    worker: () => worker,
  };
  const first = await watchRun(watch);
  printPace(first.pace, worker);
  const figures = figuresOf(records, first.pace, { before, after: worker.report });
  const checks = runChecks('first', first.run, expected);
  checks.push(...(await deskChecks('first', stage, expected.accepted)));
  if (!options.backfillOnly) {
    const scene: Scene = { stage, customer, installed, worker, expected };
    await changeStep(scene);
    checks.push(...(await crashStep(scene)));
  }
  const agreed = printChecks(checks);
  printAddresses(stage);
  return { agreed, figures };
}
