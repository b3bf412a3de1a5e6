import type { IncomingMessage } from 'node:http';

import type Provider from 'oidc-provider';

import { ServiceError } from '../http/service-error.js';
import type { CrmStatistics } from './crm-statistics.js';
import type { RateLimiter } from './rate-limiter.js';

/** Who calls the API and what they may do. */
export interface Caller {
  readonly accountId: string;
  readonly scopes: ReadonlySet<string>;
}

/** Lets a call through to the API, or refuses it: 401 without a live token, 429 beyond the limit. */
export class ApiAccess {
  readonly #provider: Provider;
  readonly #limiter: RateLimiter;
  readonly #statistics: CrmStatistics;

  constructor(provider: Provider, limiter: RateLimiter, statistics: CrmStatistics) {
    this.#provider = provider;
    this.#limiter = limiter;
    this.#statistics = statistics;
  }

  /** @throws ServiceError 401 or 429. */
  async admit(request: IncomingMessage): Promise<Caller> {
    const value = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = value === undefined ? undefined : await this.#provider.AccessToken.find(value);
    if (token?.isValid !== true) {
      this.#statistics.unauthorized += 1;
      throw new ServiceError(401, 'invalid_token', {
        message: 'The access token is missing, expired or revoked.',
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      });
    }
    this.#limit(token.accountId);
    return { accountId: token.accountId, scopes: token.scopes };
  }

  #limit(accountId: string): void {
    const waitSeconds = this.#limiter.take(accountId);
    if (waitSeconds === 0) return;
    this.#statistics.rateLimited += 1;
    throw new ServiceError(429, 'rate_limited', {
      message: `Too many calls; try again in ${waitSeconds} s.`,
      headers: { 'retry-after': String(waitSeconds) },
    });
  }
}

/**
 * Insists on a scope.
 * @throws ServiceError 403 naming the scope that is missing.
 */
export function requireScope(caller: Caller, scope: string): void {
  if (caller.scopes.has(scope)) return;
  throw new ServiceError(403, 'insufficient_scope', {
    message: `The access token lacks the scope ${scope}.`,
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
}
