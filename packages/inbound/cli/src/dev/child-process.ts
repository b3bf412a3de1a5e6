import type { AppDefinition, ServiceActivity } from '@tenon/core';
import { checkDefinitions, importApp } from '../app/import-app.js';
import type { AppModule } from '../app/import-app.js';
import { toErrorReport } from '../text/error-text.js';
import type { ChildMessage, Duty, ParentMessage, Started } from './messages.js';

/** A child that cannot stop in this time leaves anyway: nobody may be there to end it. */
const STOP_LIMIT_MS = 20_000;
const GATHER_MS = 50;

interface Running {
  readonly started: Started;
  stop(): Promise<void>;
}

type Tell = (activities: readonly ServiceActivity[]) => void;

/** Passes on what comes together in one message. */
function gather(tell: Tell): (activity: ServiceActivity) => void {
  let waiting: ServiceActivity[] = [];
  return (activity) => {
    waiting.push(activity);
    if (waiting.length > 1) return;
    setTimeout(() => {
      tell(waiting);
      waiting = [];
    }, GATHER_MS).unref();
  };
}

async function perform(app: AppDefinition, duty: Duty, tell: Tell): Promise<Running> {
  if (duty.kind === 'servers') {
    const { environment, summary, ...servers } = await app.startLocalServers(duty);
    return { started: { kind: 'servers', environment, summary }, stop: () => servers.stop() };
  }
  const { port, host, watched } = duty;
  const migrated = duty.migrate ? await app.deployMigrations(process.env) : [];
  const service = await app.startService(process.env, {
    port,
    host,
    ...(watched && { onActivity: gather(tell) }),
  });
  const { summary } = service;
  return {
    started: { kind: 'service', migrated, port: service.port, summary },
    stop: () => service.stop(),
  };
}

/** One child: loads the app, performs one duty, stops when told so or when its parent is gone. */
class DevChildProcess {
  readonly #app: Promise<AppDefinition>;
  #running: Promise<Running> | null = null;
  #stopping = false;

  constructor(module: AppModule) {
    this.#app = importApp(module).then((app) => {
      checkDefinitions(app, module);
      return app;
    });
  }

  async load(): Promise<void> {
    await this.#report(this.#app.then(() => ({ kind: 'loaded' })));
  }

  async start(duty: Duty): Promise<void> {
    const tell: Tell = (activities) => {
      this.#send({ kind: 'activity', activities });
    };
    this.#running = this.#app.then((app) => perform(app, duty, tell));
    await this.#report(this.#running.then(({ started }) => ({ kind: 'started', started })));
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS);
    // What still starts is waited for: half-started servers would be left behind.
    const running = await this.#running?.catch(() => null);
    await running?.stop();
    process.exit(0);
  }

  /** Sends the message that a promise gives, or its failure, which ends this process. */
  async #report(message: Promise<ChildMessage>): Promise<void> {
    try {
      this.#send(await message);
    } catch (error) {
      this.#send({ kind: 'failed', error: toErrorReport(error) }, () => process.exit(1));
    }
  }

  #send(message: ChildMessage, then: () => void = () => undefined): void {
    if (process.connected) process.send?.(message, then);
    else then();
  }
}

/** Runs this process as a child of `tenon dev`. */
export function runDevChild(module: AppModule): void {
  const child = new DevChildProcess(module);
  const stop = (): void => {
    child.stop().catch(() => process.exit(1));
  };
  process.on('message', (message: ParentMessage) => {
    if (message.kind === 'stop') stop();
    else void child.start(message.duty);
  });
  // The channel closes when the parent ends, however it ends.
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  void child.load();
}
