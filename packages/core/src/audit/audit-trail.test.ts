import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createTestPlatform, recordingLogger, testCrypto, uniqueId } from '@tenon/testing';
import { systemContext } from '../platform/context.js';
import { silentLogger } from '../platform/logger.port.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditRepository } from './audit-repository.port.js';
import { AuditTrail, CREDENTIAL_READ_WINDOW_MS } from './audit-trail.js';
import type { CredentialRead } from './audit-trail.js';
import { VerifyAudit } from './verify-audit.use-case.js';

function makeWorld() {
  const persistence = createMemoryPersistence();
  const platform = createTestPlatform();
  const logger = recordingLogger();
  const tenantId = uniqueId<TenantId>();
  const database = { isAway: false };
  const audit: AuditRepository = {
    ...persistence.audit,
    head: (id) => persistence.audit.head(id),
    append: (id, head, entries) => {
      if (database.isAway) return Promise.reject(new Error('The database is away'));
      return persistence.audit.append(id, head, entries);
    },
  };
  const trail = new AuditTrail({ ...platform, logger, persistence: { audit } });
  const read: CredentialRead = {
    ...{ tenantId, connectionId: 'c1', connector: 'shop', purpose: 'call', requestId: 'r' },
    actor: { kind: 'system', userId: null },
  };
  const origin = { tenantId, requestId: 'r', actor: 'system', userId: null } as const;
  const event = { action: 'thing.done', subject: { type: 'thing', id: '1' } };
  const entries = (of = tenantId): Promise<readonly AuditEntry[]> =>
    persistence.audit.read(of, 0, 1_000);
  return { persistence, platform, logger, tenantId, database, trail, read, origin, event, entries };
}

describe('an audit trail', () => {
  let world: ReturnType<typeof makeWorld>;

  beforeEach(() => {
    world = makeWorld();
  });

  it('enters who did what to what, and when', async () => {
    const { trail, origin, entries, platform } = world;
    const userId = uniqueId<UserId>();
    await trail.record(
      { ...origin, actor: 'user', userId },
      { action: 'a.b', subject: { type: 'a', id: '1' }, details: { b: [1, null] } },
    );
    expect(await entries()).toMatchObject([
      {
        ...{ sequence: 1, action: 'a.b', subject: { type: 'a', id: '1' }, requestId: 'r' },
        ...{ actor: { kind: 'user', userId }, details: { b: [1, null] } },
        createdAt: platform.clock.now(),
      },
    ]);
  });

  it('notes a read once a minute for each connection, actor and purpose', async () => {
    const { trail, read, entries, platform } = world;
    const other = { ...read, actor: { kind: 'user', userId: uniqueId<UserId>() } } as const;
    for (const each of [read, read, { ...read, connectionId: 'c2' }, other, other])
      trail.noteCredentialRead(each);
    trail.noteCredentialRead({ ...read, purpose: 'test' });
    expect(await entries()).toEqual([]);
    await trail.flush();
    expect(await entries()).toHaveLength(4);
    await platform.clock.advance(CREDENTIAL_READ_WINDOW_MS - 1);
    trail.noteCredentialRead(read);
    expect(trail.pending).toBe(false);
    await platform.clock.advance(1);
    trail.noteCredentialRead(read);
    await trail.flush();
    expect((await entries()).at(-1)).toMatchObject({
      ...{ action: 'credential.read', subject: { type: 'connection', id: 'c1' } },
      details: { connector: 'shop', purpose: 'call' },
    });
    expect(await entries()).toHaveLength(5);
  });

  it('keeps what the database did not take, says so, and makes up for it in order', async () => {
    const { trail, origin, event, entries, database, logger, tenantId, persistence } = world;
    database.isAway = true;
    await trail.record(origin, event);
    await trail.record(origin, { ...event, action: 'thing.undone' });
    expect(trail.pending).toBe(true);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    database.isAway = false;
    await trail.flush();
    expect(trail.pending).toBe(false);
    expect((await entries()).map(({ action }) => action)).toEqual(['thing.done', 'thing.undone']);
    const verify = new VerifyAudit({ persistence, crypto: testCrypto });
    const context = systemContext({ requestId: 'r', tenantId, logger: silentLogger });
    expect(await verify.execute(context, {})).toMatchObject({ ok: true, checked: 2 });
  });

  it('leaves in the log what memory does not hold while the database is away for long', async () => {
    const { trail, read, database, logger } = world;
    database.isAway = true;
    for (let index = 0; index < 10_001; index += 1)
      trail.noteCredentialRead({ ...read, connectionId: `c${index}` });
    const left = logger.lines.filter(({ message }) => message.includes('in this line alone'));
    expect(left).toMatchObject([{ fields: { subject: { type: 'connection', id: 'c10000' } } }]);
  });

  it('keeps the trails of tenants apart, and one that cannot be written from another', async () => {
    const { trail, origin, event, entries } = world;
    const other = uniqueId<TenantId>();
    await Promise.all([
      trail.record(origin, event),
      trail.record({ ...origin, tenantId: other }, event),
      trail.record(origin, event),
    ]);
    expect((await entries()).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect((await entries(other)).map(({ sequence }) => sequence)).toEqual([1]);
  });

  it('stores text that every database keeps, within bounds', async () => {
    const { trail, origin, entries } = world;
    const subject = { type: 'a\0b', id: `${'x'.repeat(499)}😀` };
    const details = { 'k\0': 'v\0', half: '\ud83d', deep: [{ text: '\\u0000' }] };
    await trail.record(origin, { action: 'y'.repeat(200), subject, details });
    const [entry] = await entries();
    expect(entry).toMatchObject({
      action: 'y'.repeat(100),
      subject: { type: 'a\uFFFDb', id: `${'x'.repeat(499)}\uFFFD` },
    });
    expect(JSON.stringify(entry?.details)).not.toMatch(/\\u0000"|\\ud83d/);
  });
});
