import { createHash, randomBytes } from 'node:crypto';

import type { ConsentResult, ConsentWalk } from './consent-walker.js';
import { walkConsent } from './consent-walker.js';

/** What a client needs to know of the CRM's authorization server. */
export interface OAuthClientPlan {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** An answer of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A small, plain OAuth client, for tests that need a token without any framework. */
export class OAuthClient {
  readonly #plan: OAuthClientPlan;
  readonly verifier = randomBytes(32).toString('base64url');
  readonly state = randomBytes(12).toString('base64url');

  constructor(plan: OAuthClientPlan) {
    this.#plan = plan;
  }

  /** The authorization address; `changes` replaces parameters, and undefined removes one. */
  authorizationUrl(changes: Readonly<Record<string, string | undefined>> = {}): string {
    const url = new URL(this.#plan.authorizationUrl);
    const parameters: Record<string, string | undefined> = {
      client_id: this.#plan.clientId,
      response_type: 'code',
      redirect_uri: this.#plan.redirectUri,
      scope: 'contacts.read contacts.write webhooks',
      state: this.state,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }

  /** Lets a user log in and consent. */
  async consent(
    user: Pick<ConsentWalk, 'username' | 'password' | 'decision' | 'callback'>,
    changes: Readonly<Record<string, string | undefined>> = {},
  ): Promise<ConsentResult> {
    return await walkConsent({ ...user, authorizationUrl: this.authorizationUrl(changes) });
  }

  /** Exchanges the code of a callback address. */
  async exchange(redirectUrl: string, verifier: string = this.verifier): Promise<TokenAnswer> {
    return await this.#post(this.#plan.tokenUrl, {
      grant_type: 'authorization_code',
      code: new URL(redirectUrl).searchParams.get('code') ?? '',
      redirect_uri: this.#plan.redirectUri,
      code_verifier: verifier,
    });
  }

  async refresh(refreshToken: unknown): Promise<TokenAnswer> {
    const parameters = { grant_type: 'refresh_token', refresh_token: String(refreshToken) };
    return await this.#post(this.#plan.tokenUrl, parameters);
  }

  /** Sends a token to the revocation or introspection endpoint. */
  async present(url: string, token: unknown): Promise<TokenAnswer> {
    return await this.#post(url, { token: String(token) });
  }

  async #post(url: string, parameters: Record<string, string>): Promise<TokenAnswer> {
    const { clientId, clientSecret } = this.#plan;
    const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Basic ${credentials}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(parameters).toString(),
    });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, body };
  }
}
