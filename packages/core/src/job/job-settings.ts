import { MisconfiguredError } from '../platform/common.errors.js';
import { validateOptions } from '../platform/options.js';

/** How jobs are run. Everything has a default; times are milliseconds. */
export interface JobSettings {
  /** How long a job may go without a sign of life before another worker takes it over. Default: 60,000. */
  readonly leaseMs: number;
  /** Time for one try of a job that names none itself. Default: 300,000. */
  readonly timeoutMs: number;
  /** Time for a lifecycle hook or an action. Default: 60,000. */
  readonly hookTimeoutMs: number;
  /** How long a handler may go on after its signal aborted before it is given up. Default: 1,000. */
  readonly graceMs: number;
  /** How long done jobs are remembered, so that late duplicates are recognised. Default: 15 days, more than queues keep messages. */
  readonly keepDoneMs: number;
  /** How often one job may be put off by rate limits. Default: 100. */
  readonly maxDeferrals: number;
  /** For how long in all. Default: 26 hours, so that a daily quota can renew. */
  readonly maxDeferralMs: number;
  /** How long a relay leaves a fresh outbox entry to whoever wrote it. Default: 10,000. */
  readonly relayAfterMs: number;
  /** How long entries that a relay took are hidden from other relays. Default: 60,000. */
  readonly relayHideMs: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export const defaultJobSettings: JobSettings = {
  leaseMs: 60_000,
  timeoutMs: 300_000,
  hookTimeoutMs: 60_000,
  graceMs: 1_000,
  keepDoneMs: 15 * DAY_MS,
  maxDeferrals: 100,
  maxDeferralMs: 26 * 60 * 60 * 1000,
  relayAfterMs: 10_000,
  relayHideMs: 60_000,
};

/** Fills in defaults. @throws MisconfiguredError for unknown keys and for numbers that are none or below zero. */
export function jobSettings(options: Partial<JobSettings> = {}): JobSettings {
  const settings = validateOptions<JobSettings>('Job settings', options, {
    defaults: defaultJobSettings,
  });
  for (const [key, value] of Object.entries(settings) as [string, unknown][]) {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) continue;
    throw new MisconfiguredError(`Job settings: '${key}' must be a number, 0 or more`, { key });
  }
  return settings;
}
