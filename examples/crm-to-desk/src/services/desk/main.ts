import { CommandLine } from '../http/command-line.js';
import { runService } from '../http/service-process.js';
import type { DeskOptions } from './desk-options.js';
import { createDeskServer } from './desk-server.js';

const NUMBERS = {
  port: 'port',
  outageRate: 'outage-rate',
  outageSeed: 'outage-seed',
  retryAfterSeconds: 'retry-after-seconds',
  latencyMs: 'latency-ms',
} as const;

function readOptions(): DeskOptions {
  const line = new CommandLine('DESK', [...Object.values(NUMBERS), 'api-key']);
  return { ...line.numbers(NUMBERS), apiKey: line.required('api-key') };
}

await runService(
  () => createDeskServer(readOptions()),
  ({ url }) => ({ service: 'desk', url }),
);
