import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { GatewayClientSettings, GatewayLike } from './gateway-like.js';

/** The SDK's own retries, with growing waits; after them the caller is told. */
const ATTEMPTS = 3;
const CONNECT_MS = 1_000;
const REQUEST_MS = 3_000;

/**
 * The only file that names the SDK. It is loaded on first use; naming what it takes in a static import keeps bundles
 * small, and working: a dynamic import of a CommonJS package has no named exports once it is bundled.
 */
export function createGateway(settings: GatewayClientSettings): GatewayLike {
  const client = new ApiGatewayManagementApiClient({
    ...settings,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
  return {
    postToConnection: (input, options) => client.send(new PostToConnectionCommand(input), options),
    destroy: () => {
      client.destroy();
    },
  };
}
