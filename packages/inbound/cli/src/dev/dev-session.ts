import { dirname, join, relative } from 'node:path';
import { hasCode } from '@tenon/core';
import type { Environment } from '@tenon/core';
import type { AppBuilder } from '../app/app-builder.js';
import { readEnvironment } from '../app/environment.js';
import { Bell } from '../bell.js';
import { LocalProcessError } from '../cli.errors.js';
import { DevChild } from './dev-child.js';
import { removeDevNote, writeDevNote } from './dev-note.js';
import type { DevReport, DevWatch } from './dev-report.js';
import { portError } from '../port/port-error.js';
import type { Started } from './messages.js';
import { SourceWatcher } from './source-watcher.js';

/** How long a service may finish what it has in hand before it is killed. Its jobs are taken up again. */
const SERVICE_GRACE_MS = 3_000;
/** Longer than the limit that a child sets itself: a database that is killed recovers at its next start. */
const SERVERS_GRACE_MS = 25_000;

type StartedServers = Extract<Started, { kind: 'servers' }>;
type StartedService = Extract<Started, { kind: 'service' }>;

/** Options of {@link DevSession}. */
export interface DevOptions {
  /** The project's folder. */
  readonly cwd: string;
  /** The environment of the command line, without the project's `.env` file. */
  readonly env: Environment;
  /** Absolute path of the app's module. */
  readonly app: string;
  readonly builder: AppBuilder;
  /** Where the local servers keep their data. */
  readonly directory: string;
  readonly port: number;
  readonly host: string;
  /** Where others reach the API, in place of the address on this machine. */
  readonly tunnelUrl: string | null;
  readonly output: DevReport;
  /** Hears what the app does and prints; null lets it print where this process does. */
  readonly watch: DevWatch | null;
}

/**
 * Keeps an app running while it is worked on. The local servers are started once; the service is a new process after
 * every change. A version that does not build or load never replaces one that runs.
 */
export class DevSession {
  readonly #options: DevOptions;
  readonly #changed = new Set<string>();
  readonly #changes = new Bell();
  readonly #stop = new Bell();
  /** Children that serve, or that load in order to serve. */
  readonly #services = new Set<DevChild>();
  #service: DevChild | null = null;
  #servers: DevChild | null = null;
  #local: StartedServers | null = null;
  #served = false;
  #fatal: Error | null = null;

  constructor(options: DevOptions) {
    this.#options = options;
  }

  /**
   * Runs until {@link stop}; when it answers, no process is left.
   * @throws what the local servers failed with, and `PORT_UNAVAILABLE` of the first start.
   */
  async run(): Promise<void> {
    const { app, cwd } = this.#options;
    const onChange = (paths: readonly string[]): void => {
      for (const path of paths) this.#changed.add(relative(cwd, path));
      this.#changes.ring();
    };
    const watcher = new SourceWatcher({ folder: dirname(app), onChange });
    watcher.include([join(cwd, '.env')]);
    try {
      while (!this.#stop.rung) await this.#turn(watcher);
    } finally {
      watcher.close();
      removeDevNote(cwd, process.pid);
      this.#service = null;
      await Promise.all([...this.#services].map((child) => child.stop(SERVICE_GRACE_MS)));
      await this.#servers?.stop(SERVERS_GRACE_MS);
      await this.#options.builder.dispose();
    }
    if (this.#fatal) throw this.#fatal;
  }

  /** As if something had changed. */
  restart(): void {
    this.#changes.ring();
  }

  stop(): void {
    this.#stop.ring();
  }

  /** Waits no longer for the service's work in hand. */
  hurry(): void {
    for (const child of this.#services) child.kill();
  }

  async #turn(watcher: SourceWatcher): Promise<void> {
    const because = [...this.#changed];
    const since = performance.now();
    this.#changed.clear();
    this.#changes.reset();
    try {
      const { file, inputs } = await this.#options.builder.build();
      watcher.include(inputs);
      const started = await this.#replace(file);
      if (started) this.#tell(started, because, performance.now() - since);
    } catch (error) {
      if (!this.#stop.rung) this.#options.output.failed(error, this.#service !== null);
    }
    await this.#overtaken();
  }

  /** Resolves when something else is to be done than what is being done. */
  async #overtaken(): Promise<null> {
    await Promise.race([this.#changes.wait(), this.#stop.wait()]);
    return null;
  }

  /**
   * Loads a new version and, when that went well, puts it in the place of the old one. Null when it was overtaken by a
   * further change or by the end.
   */
  async #replace(file: string): Promise<StartedService | null> {
    this.#local ??= await this.#startServers(file);
    if (!this.#local) return null;
    const environment = this.#serviceEnvironment(this.#local);
    this.#options.output.hide(environment);
    const next = await this.#load(file, environment);
    if (!next) return null;
    const old = this.#service;
    this.#service = null;
    await old?.stop(SERVICE_GRACE_MS);
    const started = await this.#unlessStopped(this.#startService(next));
    if (started) this.#service = next;
    return started;
  }

  async #startService(child: DevChild): Promise<StartedService> {
    const { port, host, watch } = this.#options;
    const watched = watch !== null;
    try {
      return await child.start({ kind: 'service', port, host, watched, migrate: !this.#served });
    } catch (error) {
      // Nothing that a change of the source could mend.
      if (!hasCode(error, 'PORT_UNAVAILABLE')) throw error;
      const unavailable = portError({ port, host }, error);
      if (!this.#served) this.#fail(unavailable);
      throw unavailable;
    }
  }

  async #startServers(file: string): Promise<StartedServers | null> {
    const child = await this.#load(file, this.#environment());
    if (!child) return null;
    this.#services.delete(child);
    this.#servers = child;
    void child.ended.then((how) => {
      this.#fail(new LocalProcessError(`The local servers ended by themselves (${how})`));
    });
    const { directory } = this.#options;
    const starting = child.start({ kind: 'servers', directory });
    starting.catch((error: unknown) => {
      this.#fail(error as Error);
    });
    return this.#unlessStopped(starting);
  }

  /** A child that has loaded the app, or null when that was overtaken. */
  async #load(file: string, env: Environment): Promise<DevChild | null> {
    const { app, cwd, watch } = this.#options;
    const child = new DevChild({ file, source: relative(cwd, app) }, { cwd, env, watch });
    this.#services.add(child);
    void child.ended.then((how) => {
      this.#forget(child, how);
    });
    const loaded = await Promise.race([child.loaded.then(() => child), this.#overtaken()]);
    if (!loaded) child.kill();
    return loaded;
  }

  #forget(child: DevChild, how: string): void {
    this.#services.delete(child);
    if (child !== this.#service) return;
    this.#service = null;
    const error = new LocalProcessError(`The app's process ended by itself (${how})`);
    this.#options.output.failed(error, false);
  }

  async #unlessStopped<T>(work: Promise<T>): Promise<T | null> {
    // It may fail after nobody waits for it any more.
    work.catch(() => undefined);
    return Promise.race([work, this.#stop.wait().then(() => null)]);
  }

  #fail(error: Error): void {
    if (this.#stop.rung) return;
    this.#fatal = error;
    this.#stop.ring();
  }

  #environment(): Environment {
    return readEnvironment(this.#options);
  }

  /** The local servers come before everything else: development never touches a database that `.env` names. */
  #serviceEnvironment({ environment }: StartedServers): Environment {
    const { tunnelUrl } = this.#options;
    const variables = { TENON_PUBLIC_URL: this.#url, ...this.#environment(), ...environment };
    return tunnelUrl === null ? variables : { ...variables, TENON_PUBLIC_URL: tunnelUrl };
  }

  get #url(): string {
    return `http://localhost:${this.#options.port}`;
  }

  #tell(started: StartedService, because: readonly string[], tookMs: number): void {
    const { output } = this.#options;
    output.migrated(started.migrated);
    if (this.#served) {
      output.reloaded(because, tookMs);
      return;
    }
    this.#served = true;
    const { summary: servers = [], environment = {} } = this.#local ?? {};
    const { cwd, tunnelUrl } = this.#options;
    writeDevNote(cwd, { pid: process.pid, url: tunnelUrl ?? this.#url, environment });
    output.serving({ url: this.#url, tunnelUrl, service: started.summary, servers }, tookMs);
  }
}
