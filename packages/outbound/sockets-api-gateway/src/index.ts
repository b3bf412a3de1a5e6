export { createApiGatewaySockets } from './create-api-gateway-sockets.js';
export type { ApiGatewaySocketsOptions } from './create-api-gateway-sockets.js';
export type { GatewayLike } from './gateway-like.js';
