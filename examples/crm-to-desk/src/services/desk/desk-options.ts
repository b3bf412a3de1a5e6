export interface DeskOptions {
  /** Port on 127.0.0.1; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** What callers send as `X-Api-Key`, at least 16 characters. */
  readonly apiKey: string;
  /** The share of batches that is answered 503, from 0 to 1. Default 0.01. */
  readonly outageRate?: number;
  /** Seed of the sequence that decides which batches these are. Default 1. */
  readonly outageSeed?: number;
  /** The `Retry-After` of these answers in whole seconds; 0 leaves it out. Default 0. */
  readonly retryAfterSeconds?: number;
  /** How long every batch waits before it is handled, in milliseconds. Default 0. */
  readonly latencyMs?: number;
}

export type DeskSettings = Required<DeskOptions>;

/**
 * Fills in the defaults.
 * @throws Error naming the option that is out of range.
 */
export function deskSettings(options: DeskOptions): DeskSettings {
  const settings: DeskSettings = {
    port: 0,
    outageRate: 0.01,
    outageSeed: 1,
    retryAfterSeconds: 0,
    latencyMs: 0,
    ...options,
  };
  const { apiKey, outageRate, outageSeed, retryAfterSeconds, latencyMs } = settings;
  check(apiKey.length >= 16, 'apiKey', 'at least 16 characters long');
  check(outageRate >= 0 && outageRate <= 1, 'outageRate', 'from 0 to 1');
  check(Number.isInteger(outageSeed), 'outageSeed', 'a whole number');
  check(Number.isInteger(retryAfterSeconds), 'retryAfterSeconds', 'a whole number');
  check(latencyMs >= 0, 'latencyMs', 'at least 0');
  return settings;
}

function check(holds: boolean, option: keyof DeskOptions, rule: string): void {
  if (!holds) throw new Error(`Desk: option ${option} must be ${rule}.`);
}
