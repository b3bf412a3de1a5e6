import { writeSync } from 'node:fs';
import { realAdapters, realApp } from './reliability-app.fixture.js';
import type { Servers } from './reliability-app.fixture.js';
import { killAt, watchedAdapters } from './reliability-crash.fixture.js';
import type { CrashPoint } from './reliability-crash.fixture.js';
import { copyIntegration } from './reliability-shelf.fixture.js';
import { startService } from './service.js';

/** What a worker process of the tests is told. */
export interface WorkerOrder {
  readonly servers: Servers;
  readonly shelfUrl: string;
  /** Where to die; null to live. */
  readonly crash: CrashPoint | null;
}

const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder;
// Synchronous, so that the last line before the end is not lost.
const onPoint = killAt(order.crash, (label) => writeSync(1, `${label}\n`));
const adapters = watchedAdapters(realAdapters(order.servers), onPoint);
const app = realApp(adapters, [copyIntegration(order.shelfUrl)]);
const service = await startService(app, {
  port: null,
  scheduler: false,
  batches: 1,
  concurrency: 4,
  visibilityMs: 1_000,
  waitMs: 200,
});
writeSync(1, 'ready\n');
await new Promise((resolve) => process.stdin.once('end', resolve).resume());
await service.stop();
process.exit(0);
