import {
  MAX_SOCKET_MESSAGE_BYTES,
  MisconfiguredError,
  socketMessageTooLarge,
  validateOptions,
} from '@tenon/core';
import type { CancellationSignal, SocketOutcome, SocketSender, SocketTarget } from '@tenon/core';
import { isGone, toSocketError } from './gateway.errors.js';
import type { GatewayClientSettings, GatewayLike } from './gateway-like.js';

/** Options of {@link createApiGatewaySockets}. */
export interface ApiGatewaySocketsOptions extends GatewayClientSettings {
  /** A client of your own, for example `new ApiGatewayManagementApi({ … })`. */
  readonly client?: GatewayLike;
}

const REGION = /\.execute-api\.([a-z0-9-]+)\./;

async function createClient(settings: GatewayClientSettings): Promise<GatewayLike> {
  try {
    const { createGateway } = await import('./gateway-sdk.js');
    return createGateway(settings);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new MisconfiguredError(
      "createApiGatewaySockets: the package '@aws-sdk/client-apigatewaymanagementapi' is not installed; add it, or hand in a client",
    );
  }
}

/** An `AbortSignal` that follows the signal of the core; and how to let it go. */
function following(signal: CancellationSignal | undefined) {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  return {
    abortSignal: controller.signal,
    release: () => signal?.removeEventListener('abort', abort),
  };
}

class ApiGatewaySockets implements SocketSender {
  readonly #endpoint: string;
  #client: Promise<GatewayLike> | null;

  constructor(private readonly options: ApiGatewaySocketsOptions) {
    this.#endpoint = options.endpoint;
    this.#client = options.client ? Promise.resolve(options.client) : null;
  }

  serves(endpoint: string): boolean {
    return endpoint === this.#endpoint;
  }

  async send(
    { id }: SocketTarget,
    text: string,
    signal?: CancellationSignal,
  ): Promise<SocketOutcome> {
    signal?.throwIfAborted();
    const data = new TextEncoder().encode(text);
    if (data.length > MAX_SOCKET_MESSAGE_BYTES) {
      throw socketMessageTooLarge(data.length, MAX_SOCKET_MESSAGE_BYTES);
    }
    const { abortSignal, release } = following(signal);
    try {
      const client = await this.#open();
      await client.postToConnection({ ConnectionId: id, Data: data }, { abortSignal });
      return 'sent';
    } catch (error) {
      signal?.throwIfAborted();
      if (isGone(error)) return 'gone';
      throw toSocketError(error, data.length);
    } finally {
      release();
    }
  }

  #open(): Promise<GatewayLike> {
    const { endpoint, region = REGION.exec(endpoint)?.[1] } = this.options;
    this.#client ??= createClient({ endpoint, ...(region !== undefined && { region }) }).catch(
      (error: unknown) => {
        this.#client = null;
        throw error;
      },
    );
    return this.#client;
  }

  async close(): Promise<void> {
    if (this.options.client) return;
    const client = await this.#client?.catch(() => null);
    client?.destroy?.();
    this.#client = null;
  }
}

/**
 * Sends to browsers that are connected through an API Gateway websocket API. Asks AWS for nothing before the first message.
 *
 * @example
 * const sockets = createApiGatewaySockets({
 *   endpoint: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/live',
 * });
 *
 * @throws MisconfiguredError for unknown options and for an endpoint that is no URL.
 */
export function createApiGatewaySockets(options: ApiGatewaySocketsOptions): SocketSender {
  const valid = validateOptions<ApiGatewaySocketsOptions>('createApiGatewaySockets', options, {
    required: ['endpoint'],
    defaults: {},
    optional: ['region', 'client'],
  });
  if (!/^https?:\/\/[^/]+/.test(valid.endpoint)) {
    throw new MisconfiguredError(
      'createApiGatewaySockets: endpoint must be the address of a stage, like https://<api>.execute-api.<region>.amazonaws.com/live',
    );
  }
  return new ApiGatewaySockets(valid);
}
