import { startService } from '@tenon/app';
import { app } from './app.js';
import { startReporting } from './demo/worker-report.js';

/** Runs one part of the app in a process of its own: `api`, or `worker` with its counts sent to the parent. */
async function main(role: string | undefined): Promise<void> {
  if (role !== 'api' && role !== 'worker')
    throw new Error("The first argument must be 'api' or 'worker'");
  const loaded = await app.load();
  const port = Number(process.env['PORT'] ?? 0);
  const stopReporting = role === 'worker' ? startReporting(loaded.events) : () => undefined;
  const service = await startService(loaded, {
    port: role === 'api' ? port : null,
    host: '127.0.0.1',
    worker: role === 'worker',
    scheduler: role === 'api',
    waitMs: 2_000,
    visibilityMs: 10_000,
  });
  process.send?.({ type: 'ready', port: service.port });
  const stop = (): void => {
    stopReporting();
    void service.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  // The parent is gone: nothing may stay behind.
  process.once('disconnect', stop);
}

await main(process.argv[2]);
