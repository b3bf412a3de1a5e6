import { describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createTestPlatform, uniqueId } from '@tenon/testing';
import fc from 'fast-check';
import type { TenantId } from '../tenant/tenant.js';
import { SocketMailbox } from './socket-mailbox.js';
import { MAX_SOCKET_MESSAGE_BYTES } from './socket-sender.port.js';
import type { WebsocketConnectionId } from './websocket-connection.js';

function setUp() {
  const platform = createTestPlatform();
  const mailbox = new SocketMailbox({ ...platform, ...createMemoryPersistence() });
  const tenantId = uniqueId<TenantId>();
  const target = { id: 'c1' as WebsocketConnectionId, tenantId, endpoint: 'node:a' };
  return { ...platform, mailbox, tenantId, target };
}

describe('SocketMailbox', () => {
  it('serves processes, not gateways', () => {
    const { mailbox } = setUp();
    expect(mailbox.serves('node:a')).toBe(true);
    expect(mailbox.serves('https://x.execute-api.eu-central-1.amazonaws.com/live')).toBe(false);
  });

  it('hands each message over once, in order, to the process it is for', async () => {
    const { mailbox, target, tenantId } = setUp();
    const other = { ...target, tenantId: uniqueId<TenantId>() };
    for (let index = 0; index < 250; index += 1) await mailbox.send(target, `${index}`);
    await mailbox.send({ ...target, endpoint: 'node:b' }, 'elsewhere');
    await mailbox.send(other, 'other');
    const tenants = [tenantId, other.tenantId];
    const mail = await mailbox.collect('node:a', tenants);
    const texts = Array.from({ length: 250 }, (_, index) => `${index}`);
    expect(mail.map(({ text }) => text)).toEqual([...texts, 'other']);
    expect(mail[0]).toEqual({ tenantId, connectionId: 'c1', text: '0' });
    expect(await mailbox.collect('node:a', tenants)).toEqual([]);
  });

  it('forgets what nobody reads', async () => {
    const { mailbox, target, tenantId, clock } = setUp();
    await mailbox.send(target, 'late');
    clock.jumpTo(new Date(clock.now().getTime() + 60_000));
    expect(await mailbox.collect('node:a', [tenantId])).toEqual([]);
  });

  it('keeps any JSON as it is, the largest too', async () => {
    const { mailbox, target, tenantId } = setUp();
    const take = async (text: string) => {
      await mailbox.send(target, text);
      return (await mailbox.collect('node:a', [tenantId])).map((mail) => mail.text);
    };
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        expect(await take(text)).toEqual([text]);
      }),
      { numRuns: 50 },
    );
    const quotes = JSON.stringify('"'.repeat(MAX_SOCKET_MESSAGE_BYTES / 2 - 1));
    expect(quotes).toHaveLength(MAX_SOCKET_MESSAGE_BYTES);
    expect(await take(quotes)).toEqual([quotes]);
  });
});
