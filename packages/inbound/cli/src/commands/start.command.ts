import { hasCode, MisconfiguredError } from '@tenon/core';
import type { AppDefinition, Environment, RunningService, ServiceStart } from '@tenon/core';
import { loadApp } from '../app/load-app.js';
import type { LoadedApp } from '../app/load-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { parsePort, portFlag, switchFlag, textFlag } from '../flags.js';
import type { Io } from '../io.js';
import { portError } from '../port/port-error.js';
import { listenForStop } from '../stop-requests.js';

const DEFAULT_PORT = 3000;

/** Container platforms name the port in `PORT`. */
function portOf(flag: number | null, environment: Environment): number {
  if (flag !== null) return flag;
  const text = environment['PORT'];
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = parsePort(text);
  if (port === undefined) {
    throw new MisconfiguredError(
      'The environment variable PORT must be a whole number from 0 to 65535',
    );
  }
  return port;
}

function describe({ port, summary }: RunningService, start: ServiceStart): string {
  const parts = [
    port === null ? [] : [`API on port ${port}`],
    start.worker === false ? [] : [`worker on ${summary.queues.join(', ') || 'no queue'}`],
    start.scheduler === false ? [] : ['scheduler'],
  ];
  return parts.flat().join('; ');
}

async function startService(
  app: AppDefinition,
  environment: Environment,
  start: ServiceStart,
): Promise<RunningService> {
  try {
    return await app.startService(environment, start);
  } catch (error) {
    const { port, host } = start;
    if (!hasCode(error, 'PORT_UNAVAILABLE') || typeof port !== 'number') throw error;
    throw portError({ port, host }, error);
  }
}

/** Runs until the first request to stop; a second one does not wait for work in hand. */
async function serve(
  { app, environment }: LoadedApp,
  start: ServiceStart,
  io: Io,
): Promise<ExitCode> {
  const requests = listenForStop(io);
  try {
    const service = await startService(app, environment, start);
    io.stderr.write(`Running: ${describe(service, start)}\n`);
    await requests.first;
    io.stderr.write('Stopping: waiting for work in hand\n');
    return await Promise.race([
      service.stop().then(() => exitCodes.ok),
      requests.second.then(() => exitCodes.failed),
    ]);
  } finally {
    requests.release();
  }
}

/** `tenon start`: the entry of a container. */
export const startCommand = defineCommand({
  name: 'start',
  summary: 'Run the app: API, worker and scheduler',
  flags: {
    app: appFlag,
    port: portFlag('Port of the API (default: PORT, or 3000)'),
    host: textFlag('ADDRESS', 'Address to listen on (default: all)'),
    'no-api': switchFlag('Serve no API'),
    'no-worker': switchFlag('Work on no queue'),
    'no-scheduler': switchFlag('Start no scheduled runs'),
  },
  run: async (flags, io) => {
    const api = !flags['no-api'];
    const worker = !flags['no-worker'];
    const scheduler = !flags['no-scheduler'];
    if (!api && !worker && !scheduler) {
      throw new UsageError(
        'Nothing is left to run: leave out one of --no-api, --no-worker, --no-scheduler',
      );
    }
    if (!api && (flags.port !== null || flags.host !== null)) {
      throw new UsageError('--port and --host belong to the API, which --no-api leaves out');
    }
    const loaded = await loadApp(io, flags.app);
    const start: ServiceStart = {
      port: api ? portOf(flags.port, loaded.environment) : null,
      ...(flags.host !== null && { host: flags.host }),
      worker,
      scheduler,
    };
    return serve(loaded, start, io);
  },
});
