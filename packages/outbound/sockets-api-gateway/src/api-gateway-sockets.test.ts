import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiGatewaySockets } from './create-api-gateway-sockets.js';
import { startGateway } from './gateway.fixture.js';

let world: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  world = await startGateway();
});
afterAll(() => world.close());

const send = (text = '{}') => {
  const { gateway, sender, targetOf } = world;
  return sender.send(targetOf(gateway.connect()), text);
};

describe('createApiGatewaySockets', () => {
  it('signs what it sends, through the real SDK', async () => {
    expect(await send()).toBe('sent');
    const { all, signed } = world.gateway.calls;
    expect([all > 0, signed]).toEqual([true, all]);
  });

  it('tries again when the gateway is asked too often, and says so when that does not help', async () => {
    world.gateway.failNext({ type: 'LimitExceededException', status: 429 });
    expect(await send()).toBe('sent');
    world.gateway.failNext({ type: 'InternalServerError', status: 500, times: 3 });
    await expect(send()).rejects.toMatchObject({
      code: 'WEBSOCKET_SEND_FAILED',
      retryable: true,
    });
  });

  it('names the permission that a role lacks', async () => {
    world.gateway.failNext({ type: 'ForbiddenException', status: 403 });
    await expect(send()).rejects.toMatchObject({
      code: 'MISCONFIGURED',
      message: expect.stringContaining('execute-api:ManageConnections'),
    });
  });

  it('takes a client of your own, and leaves it open', async () => {
    const posted: string[] = [];
    const endpoint = 'https://a.execute-api.eu-central-1.amazonaws.com/live';
    const sockets = createApiGatewaySockets({
      endpoint,
      client: { postToConnection: async ({ ConnectionId }) => posted.push(ConnectionId) },
    });
    await sockets.send({ ...world.targetOf('c1'), endpoint }, '{}');
    await sockets.close();
    expect(posted).toEqual(['c1']);
  });

  it('refuses options that mean nothing', () => {
    const endpoint = 'https://a.execute-api.eu-central-1.amazonaws.com/live';
    const make = (options: object) => () => createApiGatewaySockets({ endpoint, ...options });
    expect(make({ endpont: 'x' })).toThrow("did you mean 'endpoint'?");
    expect(make({ endpoint: 'live' })).toThrow('must be the address of a stage');
  });
});
