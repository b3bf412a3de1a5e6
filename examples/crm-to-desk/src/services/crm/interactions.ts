import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';

import { readForm } from '../http/request-body.js';
import { requestUrl } from '../http/router.js';
import { badRequest, notFound } from '../http/service-error.js';
import type { CrmUser } from './crm-options.js';
import type { CrmStatistics } from './crm-statistics.js';
import { consentPage, loginPage } from './interaction-pages.js';

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The login and consent pages: the user's side of an authorization. */
export class Interactions {
  readonly #provider: Provider;
  readonly #users: readonly CrmUser[];
  readonly #statistics: CrmStatistics;

  constructor(provider: Provider, users: readonly CrmUser[], statistics: CrmStatistics) {
    this.#provider = provider;
    this.#users = users;
    this.#statistics = statistics;
  }

  /**
   * Shows the page that the authorization waits for, or takes its form.
   * @throws ServiceError when the page belongs to no running authorization of this browser.
   */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , uid = '', form] = requestUrl(request).pathname.split('/');
    const details = await this.#details(request, response);
    if (details.uid !== uid) throw notFound('This authorization is not running in this browser.');
    if (request.method === 'GET' && form === undefined) {
      await this.#show(response, details);
      return;
    }
    if (request.method !== 'POST' || form !== details.prompt.name) {
      throw badRequest('unexpected_step', `The authorization waits for ${details.prompt.name}.`);
    }
    const fields = await readForm(request);
    if (form === 'login') await this.#logIn({ request, response, details, fields });
    else await this.#consent({ request, response, details, fields });
  }

  async #details(request: IncomingMessage, response: ServerResponse): Promise<Details> {
    try {
      return await this.#provider.interactionDetails(request, response);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      throw badRequest('unknown_interaction', 'The authorization has ended or never began here.');
    }
  }

  async #show(response: ServerResponse, details: Details): Promise<void> {
    const client = await this.#clientName(details);
    const html =
      details.prompt.name === 'login'
        ? loginPage(details.uid, client)
        : consentPage(details.uid, client, missing(details, 'missingOIDCScope'));
    sendHtml(response, 200, html);
  }

  async #logIn({ request, response, details, fields }: Submission): Promise<void> {
    const user = this.#users.find(({ username }) => username === fields.get('username'));
    if (user === undefined || !sameText(user.password, fields.get('password') ?? '')) {
      const client = await this.#clientName(details);
      sendHtml(response, 401, loginPage(details.uid, client, 'User name or password is wrong.'));
      return;
    }
    await this.#provider.interactionFinished(request, response, {
      login: { accountId: user.username },
    });
  }

  async #consent({ request, response, details, fields }: Submission): Promise<void> {
    if (fields.get('decision') !== 'allow') {
      this.#statistics.consents.refused += 1;
      await this.#provider.interactionFinished(request, response, {
        error: 'access_denied',
        error_description: 'The user refused access.',
      });
      return;
    }
    this.#statistics.consents.given += 1;
    const grantId = await this.#grant(details);
    const result = { consent: { grantId } };
    const options = { mergeWithLastSubmission: true };
    await this.#provider.interactionFinished(request, response, result, options);
  }

  async #grant(details: Details): Promise<string> {
    const { session, params, grantId } = details;
    const known = grantId === undefined ? undefined : await this.#provider.Grant.find(grantId);
    const fresh = { accountId: session?.accountId, clientId: String(params['client_id']) };
    const grant = known ?? new this.#provider.Grant(fresh);
    grant.addOIDCScope(missing(details, 'missingOIDCScope').join(' '));
    grant.addOIDCClaims(missing(details, 'missingOIDCClaims'));
    return await grant.save();
  }

  async #clientName(details: Details): Promise<string> {
    const client = await this.#provider.Client.find(String(details.params['client_id']));
    return client?.clientName ?? 'An application';
  }
}

interface Submission {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly details: Details;
  readonly fields: URLSearchParams;
}

function missing(details: Details, what: string): string[] {
  const list = details.prompt.details[what];
  return Array.isArray(list) ? list.map(String) : [];
}

function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
  });
  response.end(html);
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
