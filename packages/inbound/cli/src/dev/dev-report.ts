import type { Environment, ServiceActivity } from '@tenon/core';
import type { Served } from './summary.js';

/** Where `tenon dev` tells a person what happens. */
export interface DevReport {
  /** Values that must not be shown from now on, besides those of the command line's environment. */
  hide(environment: Environment): void;
  starting(source: string): void;
  migrated(names: readonly string[]): void;
  serving(served: Served, tookMs: number): void;
  reloaded(paths: readonly string[], tookMs: number): void;
  failed(error: unknown, stillServing: boolean): void;
  stopping(): void;
  stopped(): void;
}

/** Hears what the app does, and gets what it prints. */
export interface DevWatch {
  activity(activities: readonly ServiceActivity[]): void;
  printed(text: string): void;
}
