import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { basename, dirname, extname } from 'node:path';
import { promisify } from 'node:util';
import { findRuntimeClient, type RuntimeClient } from './runtime-client.js';
import { RuntimeApi, type LambdaErrorReport, type LambdaOutcome } from './runtime-api.js';

/** Options of {@link startLambdaRuntime}. */
export interface LambdaRuntimeOptions {
  /** Bundled module, as it would be uploaded: `…/index.mjs`. Its folder is the task root. */
  readonly bundle: string;
  /** Name of the exported handler. Default: `handler`. */
  readonly handler?: string;
  /** Node binary to run it with. Default: the one that runs this process. */
  readonly node?: string;
  /** Environment of the function besides what Lambda sets; nothing else is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Time for one invocation, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  /** Folder of `aws-lambda-ric`. Default: the copy installed in this project. */
  readonly ricDir?: string;
}

/** A function that runs under the real runtime interface client. */
export interface LambdaRuntime {
  readonly nodeVersion: string;
  readonly ricVersion: string;
  /** Process id, or null while there is no process. */
  readonly pid: number | null;
  /** Everything the function printed so far. */
  readonly log: string;
  /** Milliseconds from start to the first request for an event; null until then. */
  readonly initMs: number | null;
  /** How many processes were started: one more after every time-out or crash. */
  readonly starts: number;
  /** Sends an event and waits for its end. Starts a new process when the last one died, as Lambda does. */
  invoke(event: unknown): Promise<LambdaOutcome>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

async function versionOf(node: string): Promise<string> {
  return (await run(node, ['--version'])).stdout.trim();
}

function environment(
  options: LambdaRuntimeOptions,
  api: string,
  handler: string,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    AWS_LAMBDA_RUNTIME_API: api,
    AWS_LAMBDA_FUNCTION_NAME: 'function',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memoryMb ?? 256),
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function',
    AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LAMBDA_TASK_ROOT: dirname(options.bundle),
    _HANDLER: handler,
    ...options.env,
  };
}

/** One function: its processes one after another, and the API they talk to. */
class Runtime implements LambdaRuntime {
  readonly nodeVersion: string;
  readonly #client: RuntimeClient;
  readonly #options: LambdaRuntimeOptions;
  readonly #api: RuntimeApi;
  #address = '';
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #initError: LambdaErrorReport | undefined;
  #stopped = false;
  #startedAt = 0;
  log = '';
  initMs: number | null = null;
  starts = 0;

  constructor(options: LambdaRuntimeOptions, nodeVersion: string, client: RuntimeClient) {
    this.#options = options;
    this.nodeVersion = nodeVersion;
    this.#client = client;
    this.#api = new RuntimeApi(options.timeoutMs ?? 10_000, {
      onReady: () => (this.initMs ??= performance.now() - this.#startedAt),
      onInitError: (error) => (this.#initError = error),
      onTimeout: () => this.#child?.kill('SIGKILL'),
    });
  }

  get ricVersion(): string {
    return this.#client.version;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async listen(): Promise<void> {
    this.#address = await this.#api.listen();
    this.#start();
  }

  async invoke(event: unknown): Promise<LambdaOutcome> {
    if (this.#stopped) throw new Error('This Lambda runtime was stopped');
    // A process that was killed for a time-out is still there for a moment.
    if (this.#child?.killed === true) await this.#exited;
    if (this.#child === undefined) this.#start();
    return this.#api.invoke(event);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#child?.kill('SIGKILL');
    await this.#exited;
    await this.#api.close();
  }

  #start(): void {
    const { bundle, handler: exported = 'handler', node = process.execPath } = this.#options;
    const handler = `${basename(bundle, extname(bundle))}.${exported}`;
    this.starts += 1;
    this.#startedAt = performance.now();
    this.#initError = undefined;
    const child = spawn(node, ['--no-warnings', this.#client.script, handler], {
      cwd: dirname(bundle),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(this.#options, this.#address, handler),
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.log += chunk));
    }
    this.#exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#onExit(`exit status ${signal ?? code ?? 'unknown'}`);
        resolve();
      });
    });
  }

  #onExit(errorMessage: string): void {
    this.#child = undefined;
    const error = this.#initError ?? { errorType: 'Runtime.ExitError', errorMessage };
    this.#api.abandon(error);
    // What was waiting for a process that cannot even start would wait for ever.
    this.#api.rejectQueue(error);
  }
}

/**
 * Runs a bundled handler under the real Lambda runtime interface client, against a Runtime API on loopback: events in,
 * results, errors, time-outs and crashes out, as in the cloud. Call `stop` at the end.
 *
 * @throws Error when `aws-lambda-ric` is not installed.
 */
export async function startLambdaRuntime(options: LambdaRuntimeOptions): Promise<LambdaRuntime> {
  const nodeVersion = await versionOf(options.node ?? process.execPath);
  const major = Number(/^v(\d+)/.exec(nodeVersion)?.[1]);
  const client = await findRuntimeClient(major, options.ricDir);
  const runtime = new Runtime(options, nodeVersion, client);
  await runtime.listen();
  return runtime;
}
