import type { SocketTarget, TenantId, WebsocketConnectionId } from '@tenon/core';
import { startFakeGateway, uniqueId } from '@tenon/testing';
import { createApiGatewaySockets } from './create-api-gateway-sockets.js';

/** A loopback gateway, and a sender that reaches it through the real SDK. */
export async function startGateway() {
  const gateway = await startFakeGateway();
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  const { endpoint } = gateway;
  const sender = createApiGatewaySockets({ endpoint, region: 'us-east-1' });
  const targetOf = (id: string): SocketTarget => ({
    id: id as WebsocketConnectionId,
    tenantId: uniqueId<TenantId>(),
    endpoint,
  });
  const close = async (): Promise<void> => {
    await sender.close();
    await gateway.stop();
  };
  return { gateway, sender, targetOf, close };
}
