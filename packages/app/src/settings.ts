import { MisconfiguredError, validateOptions } from '@tenon/core';
import type { AppKey, Secret } from '@tenon/core';

/** Time for one try of a job that nobody said otherwise of. */
export const DEFAULT_JOB_TIMEOUT_MS = 300_000;

/** Settings of an app. */
export interface AppSettings {
  /** Where browsers and providers reach the API, without a path: `https://integrations.example.com`. */
  readonly publicUrl: string;
  /** Keys of the product's back end; without one, tenants can be made by code alone. */
  readonly appKeys?: readonly AppKey[];
  /** Opens `/health/detailed`. */
  readonly healthKey?: Secret<string>;
  /** Origins and paths that browsers may be sent to after connecting: `https://app.example.com/settings`. */
  readonly returnUrls?: readonly string[];
  /** Origins of pages that may connect by websocket. Default: that of `publicUrl` and those of `returnUrls`. */
  readonly webOrigins?: readonly string[];
  /** How long a job may go without a sign of life before another worker takes it over. Default: 60,000. */
  readonly jobLeaseMs?: number;
  /** Time for one try of a job that names none itself. Default: 300,000. */
  readonly jobTimeoutMs?: number;
}

/** Settings with all defaults filled in. */
export type ValidSettings = AppSettings & Required<Omit<AppSettings, 'healthKey'>>;

function origin(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    throw new MisconfiguredError(`createApp: publicUrl '${url}' is not an absolute URL`);
  }
}

function webOrigins(settings: AppSettings, publicUrl: string): readonly string[] {
  const { returnUrls = [] } = settings;
  if (settings.webOrigins === undefined) {
    const known = returnUrls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
    return [...new Set([publicUrl, ...known])];
  }
  for (const each of settings.webOrigins) {
    if (URL.canParse(each) && new URL(each).origin === each) continue;
    throw new MisconfiguredError(
      `createApp: webOrigins has '${each}', which is no origin; write it like https://app.example.com`,
    );
  }
  return settings.webOrigins;
}

/** @throws MisconfiguredError naming the setting and what is right. */
export function validSettings(settings: AppSettings): ValidSettings {
  const valid = validateOptions<ValidSettings>('createApp settings', settings, {
    required: ['publicUrl'],
    defaults: {
      appKeys: [],
      returnUrls: [],
      jobLeaseMs: 60_000,
      jobTimeoutMs: DEFAULT_JOB_TIMEOUT_MS,
    },
    optional: ['healthKey', 'webOrigins'],
  });
  const publicUrl = origin(valid.publicUrl);
  return { ...valid, publicUrl, webOrigins: webOrigins(settings, publicUrl) };
}
