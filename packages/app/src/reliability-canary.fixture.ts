import { randomBytes } from 'node:crypto';
import { defineConnector, defineIntegration } from '@tenon/core';
import type { HttpClient, Integration, Queue } from '@tenon/core';
import { startScriptedServer } from '@tenon/testing';
import type { OidcServer, RecordedRequest, ScriptedAnswer, ScriptedServer } from '@tenon/testing';
import { z } from 'zod';
import { crmConnector } from './connect.fixture.js';

/** Values that must not be seen, by what they are. */
export class Canaries {
  readonly #values = new Map<string, string>();

  /** A new value that occurs nowhere else. */
  make(what: string): string {
    return this.add(what, `canary-${what}-${randomBytes(12).toString('hex')}`);
  }

  add(what: string, value: string): string {
    this.#values.set(value, what);
    return value;
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#values.values());
  }

  /** What a text gives away, also in the forms in which secrets travel. */
  seenIn(text: string): readonly string[] {
    const found = [...this.#values].filter(([value]) => {
      const bytes = Buffer.from(value);
      const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
      forms.push(bytes.toString('hex'), bytes.toString('base64url').replace(/.$/, ''));
      return forms.some((form) => text.includes(form));
    });
    return found.map(([, what]) => what);
  }
}

/** A queue that keeps the text of everything that was sent. */
export function recordedQueue(queue: Queue, sent: string[]): Queue {
  return {
    capabilities: queue.capabilities,
    send: async (name, messages) => {
      sent.push(...messages.map((message) => JSON.stringify(message)));
      await queue.send(name, messages);
    },
    receive: (request) => queue.receive(request),
    acknowledge: (name, messages) => queue.acknowledge(name, messages),
    release: (name, messages, delayMs) => queue.release(name, messages, delayMs),
    extend: (name, messages, visibilityMs) => queue.extend(name, messages, visibilityMs),
    status: () => queue.status(),
    close: () => queue.close(),
  };
}

const TOKENS = ['access_token', 'refresh_token', 'id_token'] as const;

/** An HTTP client that makes a canary of every token that a provider gives out. */
export function tokenWatch(http: HttpClient, canaries: Canaries): HttpClient {
  return {
    send: async (request) => {
      const response = await http.send(request);
      if (!request.url.endsWith('/token')) return response;
      const answer = response.json() as Record<string, unknown>;
      for (const name of TOKENS) {
        const value = answer[name];
        if (typeof value === 'string') canaries.add(name, value);
      }
      return response;
    },
    close: () => http.close(),
  };
}

/** Secrets of the accounts that the test connects. */
export interface Secrets {
  readonly apiKey: string;
  readonly password: string;
  readonly webhookSecret: string;
  readonly requestHeader: string;
  readonly requestBody: string;
  readonly answer: string;
}

/** A provider with the bad manner of repeating what it was sent, credentials included, in every failure. */
export async function startEcho(secrets: Secrets): Promise<ScriptedServer> {
  const basic = Buffer.from(`reader:${secrets.password}`).toString('base64');
  const answer = (request: RecordedRequest): ScriptedAnswer => {
    const echo = { ...request, secret: secrets.answer };
    const known =
      request.headers['x-key'] === secrets.apiKey ||
      request.headers.authorization === `Basic ${basic}`;
    if (!known) return { status: 401, body: echo };
    if (request.path === '/me') return { body: { id: 'account', plan: 'readable-profile' } };
    const status = Number(request.path.slice(1));
    return { status, body: echo, headers: { 'x-echo': secrets.answer } };
  };
  return startScriptedServer(answer);
}

interface EchoApi {
  me(): Promise<unknown>;
  /** A call that gets this status. */
  fail(status: number): Promise<unknown>;
}

/** An integration over OAuth, API key and basic authentication, whose calls fail in every way. */
export function canaryIntegration(
  oidc: OidcServer,
  echo: ScriptedServer,
  secrets: Secrets,
): Integration {
  const shared = {
    display: { label: 'Echo' },
    baseUrl: echo.url,
    limits: { maxAttempts: 1 },
    identity: async (api: EchoApi) => {
      const me = z.object({ id: z.string(), plan: z.string() }).parse(await api.me());
      return { externalId: me.id, profile: { plan: me.plan } };
    },
  };
  const keyed = defineConnector({
    ...shared,
    name: 'keyed',
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-key' } },
    webhooks: { type: 'standard-webhooks' },
    api: (http) => ({
      me: () => http.get('/me'),
      fail: (status: number) => {
        const headers = { 'x-canary': secrets.requestHeader };
        return http.post(`/${status}`, { json: { body: secrets.requestBody }, headers });
      },
    }),
  });
  const basic = defineConnector({
    ...shared,
    name: 'basic',
    auth: { type: 'basic' },
    api: (http) => ({
      me: () => http.get('/me'),
      fail: (status: number) => http.get(`/${status}`),
    }),
  });
  return defineIntegration({
    name: 'canary',
    version: '1.0.0',
    display: { label: 'Canary' },
    connections: { crm: crmConnector(oidc), keyed, basic },
    config: z.object({ note: z.string() }),
    onCreate: async (ctx) => {
      await ctx.webhooks.endpoint('keyed');
      await ctx.webhooks.setSecret('keyed', secrets.webhookSecret);
    },
    jobs: {
      fail: {
        input: z.object({ status: z.number(), note: z.string() }),
        maxAttempts: 2,
        retryDelayMs: 0,
        run: async (ctx) => {
          const { crm, keyed: key, basic: user } = ctx.connections;
          await crm.api.get('/me');
          const { status } = ctx.input;
          const results = await Promise.allSettled([key.api.fail(status), user.api.fail(status)]);
          for (const result of results) if (result.status === 'rejected') throw result.reason;
        },
      },
    },
    webhooks: {
      keyed: async (ctx) => {
        const data = z.object({ status: z.number(), person: z.string() }).parse(ctx.event.data);
        if (data.status === 200) return;
        await ctx.connections.keyed.api.fail(data.status);
      },
    },
  });
}
