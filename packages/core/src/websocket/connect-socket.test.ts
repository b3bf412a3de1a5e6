import { beforeEach, describe, expect, it } from '@jest/globals';
import { SOCKET_TICKET_TTL_MS } from './socket-ticket.js';
import { MAX_SOCKETS_PER_USER } from './connect-socket.use-case.js';
import { IssueSocketTicket } from './issue-socket-ticket.use-case.js';
import { codeOf, socketWorld } from './socket-world.fixture.js';
import type { SocketWorld } from './socket-world.fixture.js';

let world: SocketWorld;
beforeEach(async () => {
  world = await socketWorld();
});

describe('connecting by websocket', () => {
  it('binds the connection to tenant, user and scopes of the ticket', async () => {
    const context = { ...world.ann.context, scopes: ['runs:read' as const] };
    const { id } = await world.connect({ context });
    expect(await world.websocketConnections.findById(id)).toEqual({
      id,
      tenantId: world.tenant.id,
      userId: world.ann.user.id,
      scopes: ['runs:read'],
      topics: [],
      endpoint: 'node:test',
      connectedAt: world.clock.now(),
      lastSeenAt: world.clock.now(),
      expiresAt: new Date(world.clock.now().getTime() + 300_000),
    });
  });

  it('takes a ticket once, also of twenty at the same moment', async () => {
    const ticket = await world.issueTicket(world.ann);
    const tries = Array.from({ length: 20 }, () => codeOf(world.connect(world.ann, { ticket })));
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(await codeOf(world.connect(world.ann, { ticket }))).toBe('UNAUTHENTICATED');
  });

  it('refuses tickets that expired, are wrong, or of users and tenants that are shut', async () => {
    const refused = (ticket: string) => codeOf(world.connect(world.ann, { ticket }));
    const late = await world.issueTicket(world.ann);
    world.clock.jumpTo(new Date(world.clock.now().getTime() + SOCKET_TICKET_TTL_MS));
    expect(await refused(late)).toBe('UNAUTHENTICATED');
    const fresh = await world.issueTicket(world.ann);
    const other = await world.issueTicket(world.bob);
    for (const wrong of ['', 'x', fresh.slice(1), `${fresh.slice(0, 41)}${'A'.repeat(43)}`]) {
      expect(await refused(wrong)).toBe('UNAUTHENTICATED');
    }
    const { tenants, tenant } = world;
    await world.disable(world.bob);
    expect(await refused(other)).toBe('UNAUTHENTICATED');
    const found = await tenants.find(tenant.id);
    await tenants.update({ ...found!, status: 'suspended' });
    expect(await refused(fresh)).toBe('UNAUTHENTICATED');
  });

  it('keeps the hash of a ticket alone', async () => {
    const ticket = await world.issueTicket(world.ann);
    const scope = { tenantId: world.tenant.id, namespace: 'websocket-tickets' };
    const scan = { prefix: '', afterKey: null, limit: 10, now: world.clock.now() };
    const entries = await world.states.scan(scope, scan);
    expect(entries.map(({ key }) => key)).toEqual([world.crypto.sha256(ticket)]);
    expect(JSON.stringify(entries)).not.toContain(ticket.slice(-43));
  });

  it('refuses pages of other sites before it looks at the ticket, which stays good', async () => {
    const ticket = await world.issueTicket(world.ann);
    for (const origin of ['https://evil.example', 'https://app.example.com.evil.example', 'null']) {
      const refused = codeOf(world.connect(world.ann, { ticket, origin }));
      expect(await refused).toBe('WEBSOCKET_ORIGIN_REFUSED');
    }
    await expect(world.connect(world.ann, { ticket, origin: null })).resolves.toBeDefined();
  });

  it('bounds the connections of a user', async () => {
    for (let open = 0; open < MAX_SOCKETS_PER_USER; open += 1) await world.connect(world.ann);
    expect(await codeOf(world.connect(world.ann))).toBe('WEBSOCKET_TOO_MANY_CONNECTIONS');
    await expect(world.connect(world.bob)).resolves.toBeDefined();
  });

  it('gives no tickets to callers that are no user', async () => {
    const issue = async () => new IssueSocketTicket(world).execute(world.backend, {});
    expect(await codeOf(issue())).toBe('FORBIDDEN');
  });
});
