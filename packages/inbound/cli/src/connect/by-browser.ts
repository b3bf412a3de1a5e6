import { hasCode, MisconfiguredError, TenonError } from '@tenon/core';
import type { AppContext, Commands, Connection, ConnectionId, Context } from '@tenon/core';
import { StoppedError } from '../cli.errors.js';
import type { Io } from '../io.js';
import { listenForStop } from '../stop-requests.js';
import type { Callback, CallbackListener } from './callback-listener.js';

/** What an authorization in the browser needs. */
export interface BrowserWish {
  readonly connector: string;
  readonly connectionId: string | null;
  readonly name: string | null;
  /** Variables of the connector's client that are not set. */
  readonly missing: readonly string[];
  readonly open: boolean;
  readonly timeoutSeconds: number;
}

interface Work {
  readonly io: Io;
  readonly commands: Commands;
  /** Who asks, for no tenant yet: callbacks come from browsers. */
  readonly app: AppContext;
  readonly context: Context;
  readonly listener: CallbackListener;
}

interface Started {
  readonly url: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly browserBinding: string;
}

function checkClient({ connector, missing }: BrowserWish): void {
  if (missing.length === 0) return;
  throw new MisconfiguredError(
    `The client of '${connector}' is not set: put ${missing.join(' and ')} into .env; the provider gives them to those who register an app (a client without a secret has an empty one)`,
  );
}

async function start({ commands, context, listener }: Work, wish: BrowserWish): Promise<Started> {
  const { authorizationUrl, browserBinding } = await commands.connections.authorize(context, {
    connector: wish.connector,
    ...(wish.name !== null && { name: wish.name }),
    ...(wish.connectionId !== null && { connectionId: wish.connectionId as ConnectionId }),
  });
  const { searchParams } = new URL(authorizationUrl);
  const redirectUri = searchParams.get('redirect_uri') ?? '';
  const started = { url: authorizationUrl, state: searchParams.get('state') ?? '' };
  if (redirectUri.startsWith(`${listener.origin}/`)) {
    return { ...started, redirectUri, browserBinding };
  }
  throw new MisconfiguredError(
    `The app sets 'publicUrl' by itself, so that browsers are sent to ${redirectUri}; take it out of the app's settings, TENON_PUBLIC_URL says it`,
  );
}

function tell({ io }: Work, { url, redirectUri }: Started, wish: BrowserWish): void {
  const opened = wish.open && io.openBrowser?.(url) === true;
  io.stderr.write(
    `${opened ? 'A browser should show' : 'Open'} this address to connect '${wish.connector}':\n\n  ${url}\n\n` +
      `The provider must know the redirect URI ${redirectUri}\n` +
      `Waiting ${wish.timeoutSeconds} s for the answer; Ctrl-C gives up.\n`,
  );
}

async function receive(work: Work, started: Started, wish: BrowserWish): Promise<Callback> {
  const { io, listener } = work;
  const requests = listenForStop(io);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `No answer came within ${wish.timeoutSeconds} s. If the provider complained of the redirect URI, register exactly ${started.redirectUri} there; --port keeps the port`;
    timer = setTimeout(() => {
      reject(new TenonError({ code: 'AUTHORIZATION_TIMEOUT', category: 'timeout', message }));
    }, wish.timeoutSeconds * 1_000);
  });
  const stopped = requests.first.then(() => {
    throw new StoppedError('Stopped; nothing was connected');
  });
  const stray = (): void => {
    io.stderr.write('A callback with another state came and was refused; still waiting\n');
  };
  try {
    return await Promise.race([listener.wait(started.state, stray), late, stopped]);
  } finally {
    clearTimeout(timer);
    requests.release();
  }
}

/** Spends the session: nobody who sees the address later can go on with it. */
async function giveUp({ commands, app }: Work, { state, browserBinding }: Started): Promise<void> {
  const input = { state, browserBinding, error: 'given_up' };
  await commands.connections.complete(app, input).catch((error: unknown) => {
    if (!hasCode(error, 'AUTHORIZATION_DENIED')) throw error;
  });
}

function withAdvice(error: unknown, { redirectUri }: Started): unknown {
  if (!hasCode(error, 'AUTHORIZATION_CODE_REFUSED')) return error;
  const { reason } = error.details;
  const advice =
    typeof reason === 'string' && reason.includes('client')
      ? 'check the client id and secret in .env'
      : `check that the provider has the redirect URI ${redirectUri}`;
  const { code, category, message, details } = error;
  return new TenonError({ code, category, message: `${message}; ${advice}`, details });
}

/** Connects an account by OAuth: a browser goes to the provider and comes back to a loopback address. */
export async function connectByBrowser(work: Work, wish: BrowserWish): Promise<Connection> {
  checkClient(wish);
  const started = await start(work, wish);
  tell(work, started, wish);
  let callback: Callback;
  try {
    callback = await receive(work, started, wish);
  } catch (error) {
    await giveUp(work, started);
    throw error;
  }
  const { state, browserBinding } = started;
  try {
    const input = { ...callback.parameters, state, browserBinding };
    const { connection } = await work.commands.connections.complete(work.app, input);
    callback.answer(true);
    return connection;
  } catch (error) {
    callback.answer(false);
    throw withAdvice(error, started);
  }
}
