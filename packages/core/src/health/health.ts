import type { JsonObject } from '../platform/json.js';

/** One thing that was checked. */
export interface HealthCheck {
  readonly name: string;
  readonly status: 'ok' | 'degraded' | 'down';
  readonly durationMs: number;
  /** Safe facts; never secrets, addresses with credentials or stack traces. */
  readonly details: JsonObject;
}

/** The whole answer; `down` when any needed part is. */
export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly checks: readonly HealthCheck[];
  readonly at: Date;
}
