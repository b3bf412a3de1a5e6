/** A person who can log in to the CRM. */
export interface CrmUser {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly email: string;
}

export interface CrmOptions {
  /** Port on 127.0.0.1; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** How many contacts the CRM holds. Default 100,000. */
  readonly records?: number;
  /** Lifetime of an access token in seconds, at least 1. Default 60. */
  readonly accessTokenTtlSeconds?: number;
  /** Lifetime of a refresh token in seconds. Default 14 days. */
  readonly refreshTokenTtlSeconds?: number;
  /** API calls per second and account; 0 means no limit. Default 20. */
  readonly rateLimitPerSecond?: number;
  /** API calls that may come at once. Default as many as one second allows. */
  readonly rateLimitBurst?: number;
  /** The OAuth client's id. Default `tenon-demo`. */
  readonly clientId?: string;
  /** The OAuth client's secret, at least 16 characters. */
  readonly clientSecret: string;
  /** Where the OAuth client may ask to be redirected to. */
  readonly redirectUris: readonly string[];
  /** Who can log in. Default: `DEMO_USERS`. */
  readonly users?: readonly CrmUser[];
  /** How often the delivery of one webhook is tried. Default 5. */
  readonly webhookAttempts?: number;
  /** The pause before the second try, in milliseconds; it doubles each time. Default 200. */
  readonly webhookBackoffMs?: number;
}

export type CrmSettings = Required<CrmOptions>;

/** The people who can log in when no others are given. */
export const DEMO_USERS: readonly CrmUser[] = [
  {
    username: 'ada',
    password: 'correct horse battery staple',
    name: 'Ada Meridian',
    email: 'ada@meridian.example',
  },
  {
    username: 'grace',
    password: 'nanoseconds are eleven inches',
    name: 'Grace Parallel',
    email: 'grace@parallel.example',
  },
];

/**
 * Fills in the defaults.
 * @throws Error naming the option that is out of range.
 */
export function crmSettings(options: CrmOptions): CrmSettings {
  const rateLimitPerSecond = options.rateLimitPerSecond ?? 20;
  const settings: CrmSettings = {
    port: 0,
    records: 100_000,
    accessTokenTtlSeconds: 60,
    refreshTokenTtlSeconds: 14 * 24 * 60 * 60,
    rateLimitPerSecond,
    rateLimitBurst: Math.max(1, Math.ceil(rateLimitPerSecond)),
    clientId: 'tenon-demo',
    users: DEMO_USERS,
    webhookAttempts: 5,
    webhookBackoffMs: 200,
    ...options,
  };
  check(Number.isInteger(settings.records) && settings.records >= 0, 'records', 'from 0 up');
  check(settings.accessTokenTtlSeconds >= 1, 'accessTokenTtlSeconds', 'at least 1');
  check(settings.rateLimitPerSecond >= 0, 'rateLimitPerSecond', 'at least 0');
  check(settings.webhookAttempts >= 1, 'webhookAttempts', 'at least 1');
  check(settings.clientSecret.length >= 16, 'clientSecret', 'at least 16 characters long');
  const { redirectUris } = settings;
  const usable = redirectUris.length > 0 && redirectUris.every((uri) => URL.canParse(uri));
  check(usable, 'redirectUris', 'a list of at least one address');
  return settings;
}

function check(holds: boolean, option: keyof CrmOptions, rule: string): void {
  if (!holds) throw new Error(`CRM: option ${option} must be ${rule}.`);
}
