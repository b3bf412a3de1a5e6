import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnavailableError } from '@tenon/core';
import type { AppContext } from '@tenon/core';
import { createJobConsumer } from '@tenon/sqs-worker';
import type { App } from './app.js';
import { startLoop } from './loop.js';
import { serveWebsockets } from './serve-websockets.js';

/** Which parts of an app run in this process. All do by default. */
export interface ServiceOptions {
  /** Port of the API; 0 takes a free one; null serves none. Default: 3000. */
  readonly port?: number | null;
  /** Default: all addresses. */
  readonly host?: string;
  /** Works on jobs. Default: true. */
  readonly worker?: boolean;
  /** Queues to work on. Default: all of the app. */
  readonly queues?: readonly string[];
  readonly scheduler?: boolean;
  /** Serves websockets at `/ws` beside the API, and tells browsers of runs and connections. Default: true. */
  readonly websockets?: boolean;
  /** Batches at once and messages of a batch at once, per queue. */
  readonly batches?: number;
  readonly concurrency?: number;
  /** How long received messages stay hidden. Default: 60,000. */
  readonly visibilityMs?: number;
  /** Longest wait of one receive. Default: 20,000. */
  readonly waitMs?: number;
  /** How long `stop` waits for work and requests in hand. Default: 25,000. */
  readonly graceMs?: number;
}

/** A running app. */
export interface Service {
  /** Null when no API is served. */
  readonly port: number | null;
  /** Stops to accept work, waits for what is in hand, closes everything. Idempotent. */
  stop(): Promise<void>;
}

const RELAY_EVERY_MS = 1_000;
const TICK_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 60_000;
const GRACE_MS = 25_000;
/** How far back schedules are looked at when a process starts: at least the time in which one replaces another. */
const LOOK_BACK_MS = 5 * 60_000;

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const used = error.code === 'EADDRINUSE';
      const message = used
        ? `Port ${port} is in use; choose another or stop what uses it`
        : `Port ${port} cannot be opened (${error.code ?? error.message})`;
      reject(new UnavailableError('PORT_UNAVAILABLE', message, error));
    });
    server.listen(port, host, resolve);
  });
}

/** Once a server closes, Node does not look for slow requests any more: a client that falls silent would hold it for ever. */
function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => {
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function startWorkers(app: App, options: ServiceOptions): (() => Promise<void>)[] {
  if (options.worker === false) return [];
  const { queue, platform, logger } = app.adapters;
  const { batches, concurrency, visibilityMs, waitMs, graceMs } = options;
  return (options.queues ?? app.queues).map((queueName) => {
    const consumer = createJobConsumer({
      queue,
      queueName,
      clock: platform.clock,
      logger,
      process: (context, delivery) => app.commands.jobs.process(context, delivery),
      ...(batches !== undefined && { batches }),
      ...(concurrency !== undefined && { concurrency }),
      ...(visibilityMs !== undefined && { visibilityMs }),
      ...(waitMs !== undefined && { waitMs }),
      ...(graceMs !== undefined && { graceMs }),
    });
    consumer.start();
    return () => consumer.stop();
  });
}

function startBackground(app: App, withSchedules: boolean): (() => Promise<void>)[] {
  const { clock } = app.adapters.platform;
  const { logger } = app.adapters;
  const context: AppContext = { requestId: 'background', actor: 'system', logger };
  // Runs have the time of their schedule as key: what another process started before is not started again.
  let since = new Date(clock.now().getTime() - LOOK_BACK_MS);
  const tick = async (): Promise<void> => {
    const now = clock.now();
    await app.commands.schedules.tick(context, { since });
    since = now;
  };
  const relay = () => app.commands.jobs.relayOutbox(context, {});
  const sweep = () => app.commands.maintenance.sweep(context, {});
  const stops = [
    startLoop({ name: 'outbox relay', everyMs: RELAY_EVERY_MS, clock, logger, work: relay }),
    startLoop({ name: 'sweep', everyMs: SWEEP_EVERY_MS, clock, logger, work: sweep }),
  ];
  if (withSchedules)
    stops.push(startLoop({ name: 'schedules', everyMs: TICK_EVERY_MS, clock, logger, work: tick }));
  return stops;
}

/**
 * Runs an app in this process: API, websockets, workers, schedules, outbox relay.
 * @throws TenonError `PORT_UNAVAILABLE`, and what `app.prepare()` throws.
 */
export async function startService(app: App, options: ServiceOptions = {}): Promise<Service> {
  await app.prepare();
  const wanted = options.port === undefined ? 3000 : options.port;
  const server = wanted === null ? null : createServer(await app.api());
  const sockets = options.websockets === false ? null : serveWebsockets(app, server);
  if (server && wanted !== null) await listen(server, wanted, options.host);
  const workers = startWorkers(app, options);
  const background = startBackground(app, options.scheduler ?? true);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    const graceMs = options.graceMs ?? GRACE_MS;
    const closing = server && close(server, graceMs);
    await Promise.all([
      closing,
      sockets?.stop(graceMs),
      ...[...workers, ...background].map((each) => each()),
    ]);
    await app.close();
  };
  const address = server?.address() as AddressInfo | null | undefined;
  return { port: address?.port ?? null, stop: () => (stopped ??= stop()) };
}
