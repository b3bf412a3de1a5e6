import { CookieJar } from './cookie-jar.js';

export interface ConsentWalk {
  /** The address of the authorization endpoint, with all parameters. */
  readonly authorizationUrl: string;
  readonly username: string;
  readonly password: string;
  /** What the user presses on the consent page. Default `allow`. */
  readonly decision?: 'allow' | 'deny';
  /** Extra headers with which the client's callback is called; without them it is not called. */
  readonly callback?: { readonly headers?: Readonly<Record<string, string>> };
  readonly signal?: AbortSignal;
}

export interface ConsentResult {
  /** The client's callback address with `code` and `state`, or with `error`. */
  readonly redirectUrl: string;
  /** What the client's callback answered, when it was called; redirects are not followed. */
  readonly response: Response | undefined;
}

const MOST_STEPS = 20;

/**
 * Plays the browser of a user who connects an account: follows the redirects, logs in, consents,
 * and stops at the client's callback.
 * @throws Error when a page is not understood, the login is refused, or it takes too many steps.
 */
export async function walkConsent(walk: ConsentWalk): Promise<ConsentResult> {
  const redirectUri = new URL(walk.authorizationUrl).searchParams.get('redirect_uri');
  if (redirectUri === null) throw new Error('The authorization address names no redirect_uri.');
  const browser = new Browser(walk.signal);
  let response = await browser.open(walk.authorizationUrl);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = response.headers.get('location');
    if (next === null) {
      response = await browser.submit(await readPage(response), formValues(walk));
      continue;
    }
    const url = new URL(next, browser.url).href;
    if (url.split('?')[0] === redirectUri.split('?')[0]) return await finish(browser, url, walk);
    response = await browser.open(url);
  }
  throw new Error(`The consent did not reach ${redirectUri} within ${MOST_STEPS} steps.`);
}

async function finish(browser: Browser, redirectUrl: string, walk: ConsentWalk) {
  if (walk.callback === undefined) return { redirectUrl, response: undefined };
  return { redirectUrl, response: await browser.open(redirectUrl, walk.callback.headers) };
}

class Browser {
  readonly #jar = new CookieJar();
  readonly #signal: AbortSignal | undefined;
  url = '';

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#send(url, { headers: { ...headers } });
  }

  submit(form: Form, values: Readonly<Record<string, string>>): Promise<Response> {
    const body = new URLSearchParams();
    for (const name of form.fields) body.set(name, values[name] ?? '');
    const url = new URL(form.action, this.url).href;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#send(url, { method: 'POST', headers, body: body.toString() });
  }

  async #send(address: string, init: RequestInit): Promise<Response> {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    const cookies = [headers.get('cookie'), this.#jar.headerFor(url)].filter(Boolean).join('; ');
    if (cookies !== '') headers.set('cookie', cookies);
    const signal = this.#signal ?? null;
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal });
    this.#jar.store(url, response.headers);
    this.url = address;
    return response;
  }
}

interface Form {
  readonly action: string;
  readonly fields: readonly string[];
}

async function readPage(response: Response): Promise<Form> {
  const html = await response.text();
  const problem = /<p role="alert">([^<]*)</.exec(html)?.[1];
  if (problem !== undefined) throw new Error(`The login was refused: ${problem}`);
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  if (action === undefined) {
    throw new Error(`Expected a form but got ${response.status}: ${html.slice(0, 300)}`);
  }
  const fields = [...html.matchAll(/<(?:input|button)[^>]* name="([^"]+)"/g)];
  return { action, fields: [...new Set(fields.map((match) => match[1] ?? ''))] };
}

function formValues(walk: ConsentWalk): Record<string, string> {
  const { username, password, decision = 'allow' } = walk;
  return { username, password, decision };
}
