import {
  AuditTrail,
  AuthorizedClientFactory,
  DryRunHttpClient,
  formatRecording,
  HeldQueue,
  LayeredMappings,
  newLayer,
  RecordingHttpClient,
  Redactor,
  ReplayHttpClient,
} from '@tenon/core';
import type {
  AppContext,
  Connector,
  HeldWrite,
  HttpClient,
  JsonValue,
  Persistence,
  RecordedExchange,
  Trial,
  TrialJob,
  TrialOptions,
  TrialWrite,
} from '@tenon/core';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import type { App } from './app.js';
import { composeApp } from './create-app.js';
import { copyForTrial } from './copy-for-trial.js';
import { replayedClients, watchedCredentials } from './trial-clients.js';

/** Where calls go, and what is noted of them. */
class TrialCalls {
  calls = 0;
  readonly writes: TrialWrite[] = [];
  readonly redactor: Redactor;
  readonly secretNames: readonly string[];
  readonly #recorders = new Map<string, RecordingHttpClient>();
  readonly #replay: ReplayHttpClient | null;
  readonly #clients = new Map<string, HttpClient>();

  constructor(
    private readonly app: App,
    private readonly options: TrialOptions,
  ) {
    const { platform } = app.adapters;
    const { replay, secrets } = options;
    this.secretNames = app.registry.connectors.flatMap(({ auth }) =>
      auth.type === 'basic' || !auth.placement ? [] : [auth.placement.name],
    );
    this.redactor = new Redactor(platform.crypto, [
      ...this.secretNames,
      ...(replay?.secretNames ?? []),
    ]);
    this.redactor.add(...secrets);
    this.#replay = replay && new ReplayHttpClient(replay.exchanges, this.#tools);
  }

  get exchanges(): readonly RecordedExchange[] {
    return [...this.#recorders.values()].flatMap(({ exchanges }) => exchanges);
  }

  get unasked(): number {
    return this.#replay?.left.length ?? 0;
  }

  readonly of = (connector: Pick<Connector, 'name' | 'dryRun'>): HttpClient => {
    const known = this.#clients.get(connector.name);
    if (known) return known;
    const client = this.#make(connector);
    this.#clients.set(connector.name, client);
    return client;
  };

  get #tools() {
    return { redactor: this.redactor, crypto: this.app.adapters.platform.crypto };
  }

  #make({ name, dryRun = {} }: Pick<Connector, 'name' | 'dryRun'>): HttpClient {
    const http = this.#replay ?? this.app.adapters.http;
    const counted: HttpClient = {
      send: (request) => {
        this.calls += 1;
        return http.send(request);
      },
      close: () => Promise.resolve(),
    };
    const sent = this.options.dryRun
      ? new DryRunHttpClient(counted, dryRun, (write) => {
          this.#held(name, write);
        })
      : counted;
    if (!this.options.record) return sent;
    const recorder = new RecordingHttpClient(sent, this.#tools);
    this.#recorders.set(name, recorder);
    return recorder;
  }

  #held(connector: string, { request, status, answeredBy }: HeldWrite): void {
    const { method, url, headers = {}, body } = request;
    const type = headers['content-type'];
    this.writes.push({
      ...{ connector, method: method.toUpperCase(), status, answeredBy },
      url: this.redactor.parameters(url),
      body: typeof body === 'string' ? this.redactor.body(body, type) : null,
    });
  }
}

function jobOf(queue: string, { body, delayMs = 0 }: { body: string; delayMs?: number }): TrialJob {
  const { job, input } = JSON.parse(body) as { job: string; input: JsonValue };
  return { job, queue, delayMs, input };
}

/** The app's rows, and over them those that a dry run writes. */
function layeredPersistence(below: Persistence) {
  const memory = createMemoryPersistence();
  const layer = newLayer();
  const top: Persistence = {
    ...memory,
    mappings: new LayeredMappings(memory.mappings, below.mappings, layer),
    transaction: (work) =>
      memory.transaction((repositories) =>
        work({
          ...repositories,
          mappings: new LayeredMappings(repositories.mappings, below.mappings, layer),
        }),
      ),
  };
  return { top, layer };
}

/** The app on adapters for trying jobs. Reads and refreshes of credentials are real ones, on the app's own rows. */
export async function openTrial(
  app: App,
  context: AppContext,
  options: TrialOptions,
): Promise<Trial> {
  const { adapters, registry, settings } = app;
  const { platform, logger, persistence: below, http } = adapters;
  const calls = new TrialCalls(app, options);
  const { top, layer } = options.dryRun
    ? layeredPersistence(below)
    : { top: below, layer: newLayer() };
  if (options.dryRun) await copyForTrial(below, top, options);
  const { follow: room, dryRun } = options;
  const queue = new HeldQueue({ queue: adapters.queue, send: !dryRun, room });
  const reads = new AuditTrail({ ...platform, persistence: below, logger });
  const { connectors, integrations } = registry;
  const parts = {
    ...{ settings, connectors, integrations },
    adapters: { ...adapters, persistence: top, queue },
  };
  const trial = composeApp(parts, ({ events }) => {
    const clients = new AuthorizedClientFactory({
      ...{ ...platform, events, logger, http, httpOf: calls.of },
      persistence: watchedCredentials(below, (material) => {
        calls.redactor.addMaterial(material);
      }),
      onCredentialRead: (read) => {
        reads.noteCredentialRead(read);
      },
    });
    return options.replay ? replayedClients(clients) : clients;
  });
  trial.events.subscribe('run.progressed', ({ data }) => {
    options.onProgress(data.progress);
  });
  return {
    commands: trial.commands,
    next: async (signal) => {
      const held = queue.take();
      if (!held) return null;
      const { body } = held.message;
      return trial.commands.jobs.tryMessage(context, { body, queue: held.queue, signal });
    },
    finish: async () => {
      const kept = await queue.letGo();
      await reads.flush();
      return {
        ...{ calls: calls.calls, writes: calls.writes, unasked: calls.unasked },
        jobs: kept.map(({ queue: name, message }) => jobOf(name, message)),
        mappings: [...layer.changes].map(([kind, change]) => ({ kind, ...change })),
      };
    },
    redact: (text) => calls.redactor.parameters(text),
    recording: (head) =>
      formatRecording({ ...head, secretNames: calls.secretNames, exchanges: calls.exchanges }),
  };
}
