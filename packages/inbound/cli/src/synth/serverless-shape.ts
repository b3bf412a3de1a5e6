/** What a function is for. */
export type FunctionRole = 'api' | 'worker' | 'schedule' | 'migrate' | 'websocket' | 'other';

/** One function of an app. */
export interface FunctionShape {
  /** Name of its bundle, unique in the app: `worker-default`. */
  readonly name: string;
  readonly role: FunctionRole;
  /** The queue of a worker, else null. */
  readonly queue: string | null;
  readonly timeoutSeconds: number;
}

/** Runtimes of Lambda that templates may name. */
export const runtimes = ['nodejs22.x', 'nodejs24.x'] as const;

/** What a template is made of. The same shape always makes the same template. */
export interface ServerlessShape {
  /** The app's name, for people. */
  readonly name: string;
  readonly runtime: (typeof runtimes)[number];
  /** Sorted by name. */
  readonly functions: readonly FunctionShape[];
  /** Logical names, the default queue first. Each has a worker. */
  readonly queues: readonly string[];
}
