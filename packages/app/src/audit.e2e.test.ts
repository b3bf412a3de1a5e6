import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditDescriptions } from '@tenon/core';
import type { Context } from '@tenon/core';
import { testAppContext } from '@tenon/testing';
import { signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { SHOP_KEY, shopIntegration, startShop } from './shop.fixture.js';
import type { Shop } from './shop.fixture.js';
import { APP_KEY, startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

const operator = testAppContext();

const namesOf = (groups: object): string[] =>
  Object.entries(groups)
    .flatMap(([group, members]) => Object.keys(members as object).map((name) => `${group}.${name}`))
    .sort();

describe('the audit trail of an app', () => {
  let shop: Shop;
  let tenon: TestApp;
  let person: Person;
  let context: Context;

  beforeAll(async () => {
    shop = await startShop();
    tenon = await startTestApp({ integrations: [shopIntegration(shop.server.url)] });
    person = await signUp(tenon.url, 'organization');
    context = await tenon.app.commands.tenants.contextOf(operator, {
      tenantId: person.tenantId as never,
    });
  });

  afterAll(async () => {
    await tenon.close();
    await shop.server.close();
  });

  /** What `work` entered, oldest first. */
  async function enteredBy(work: () => Promise<unknown>) {
    const { audit } = tenon.app.commands;
    const before = (await audit.verify(context, {})).head?.sequence ?? 0;
    await work();
    expect(await audit.verify(context, {})).toMatchObject({ ok: true });
    const { items } = await audit.list(context, { limit: 200 });
    return [...items].reverse().filter(({ sequence }) => sequence > before);
  }

  it('has a word on every command, and on nothing else', () => {
    expect(namesOf(auditDescriptions)).toEqual(namesOf(tenon.app.commands));
    const words = Object.values(auditDescriptions).flatMap(
      (group: Readonly<Record<string, unknown>>) => Object.values(group),
    );
    for (const word of words) {
      if (typeof word === 'function') continue;
      expect((word as { notEntered: string }).notEntered).toMatch(/\w+ \w+/);
    }
  });

  it('has the connection of a form, by the user who filled it in, and the read that proved it', async () => {
    const forms = '/api/connections/forms';
    let connectionId = '';
    const entered = await enteredBy(async () => {
      const { form } = await person.api.ok<{ form: string }>('POST', forms, { connector: 'shop' });
      const step = { form, step: 1, fields: { apiKey: SHOP_KEY } };
      const sent = await person.api.ok<{ connection: { id: string } }>(
        'POST',
        `${forms}/steps`,
        step,
      );
      connectionId = sent.connection.id;
      await person.api.ok('POST', `/api/connections/${connectionId}/test`);
    });
    expect(entered).toMatchObject([
      {
        action: 'connection.created',
        subject: { type: 'connection', id: connectionId },
        actor: { kind: 'user', userId: person.userId },
        details: { connector: 'shop' },
      },
      { action: 'credential.read', subject: { type: 'connection', id: connectionId } },
    ]);
    expect(JSON.stringify(entered)).not.toContain(SHOP_KEY);
  });

  it('has members, from their adding to their removal', async () => {
    const { api, userId: organizationId } = person;
    const path = `/api/users/${organizationId}/members`;
    const entered = await enteredBy(async () => {
      for (const role of ['owner', 'member']) {
        const { id: userId } = await api.ok<{ id: string }>('POST', '/api/users', {});
        await api.ok('POST', path, { userId, role });
        if (role === 'owner') continue;
        await api.ok('PATCH', `${path}/${userId}`, { role: 'admin' });
        await api.ok('DELETE', `${path}/${userId}`);
      }
    });
    const subject = { type: 'organization', id: organizationId };
    expect(entered).toMatchObject([
      { action: 'user.created' },
      { action: 'member.added', subject, details: { role: 'owner' } },
      { action: 'user.created' },
      { action: 'member.added', subject, details: { role: 'member' } },
      { action: 'member.role_changed', subject, details: { role: 'admin' } },
      { action: 'member.removed', subject, details: { userId: expect.any(String) } },
    ]);
  });

  it('has installations and schedules, and of their change what changed', async () => {
    const { api } = person;
    const fields = { apiKey: SHOP_KEY };
    const entered = await enteredBy(async () => {
      const { id: shopId } = await api.ok<{ id: string }>('POST', '/api/connections', {
        connector: 'shop',
        fields,
      });
      const { id } = await api.ok<{ id: string }>('POST', '/api/installations', {
        integration: 'orders',
        connections: { shop: shopId },
      });
      const path = `/api/installations/${id}`;
      await api.ok('PATCH', path, { name: 'Renamed' });
      const schedule = await api.ok<{ id: string }>('POST', `${path}/schedules`, {
        ...{ name: 'daily', job: 'fan', input: { count: 1 }, enabled: false },
        when: { kind: 'every', everyMs: 86_400_000 },
      });
      await api.ok('PATCH', `${path}/schedules/${schedule.id}`, { enabled: true });
      await api.ok('DELETE', `${path}/schedules/${schedule.id}`);
      await api.ok('DELETE', path);
    });
    const administrative = entered.filter(({ action }) => action !== 'credential.read');
    expect(administrative.map(({ action }) => action)).toEqual([
      // The account that the form has connected before.
      'connection.reauthorized',
      'installation.created',
      'installation.updated',
      'schedule.created',
      'schedule.updated',
      'schedule.deleted',
      'installation.deleted',
    ]);
    expect(administrative[2]?.details).toEqual({ changed: ['name'] });
    expect(administrative[4]?.details).toMatchObject({ name: 'daily', enabled: true });
  });

  it('has nothing of what failed, nor of what only reads', async () => {
    const entered = await enteredBy(async () => {
      await person.api.call('GET', '/api/users');
      await person.api.call('DELETE', `/api/connections/${person.userId}`);
      await person.api.call('POST', '/api/login', { username: 'ada', password: 'wrong' });
    });
    expect(entered).toEqual([]);
  });

  it('of the app itself has the rotation and the retirement of keys, and is in no tenant', async () => {
    const { commands } = tenon.app;
    await commands.keys.rotate(operator, {});
    const stop = new AbortController();
    stop.abort();
    await commands.keys.rotate({ ...operator, signal: stop.signal }, {});
    await expect(commands.keys.retire(operator, { keyId: 'k1' })).rejects.toThrow();
    const { items } = await commands.audit.listApp(operator, {});
    expect(items).toMatchObject([
      { action: 'key.rotation_stopped', subject: { type: 'key', id: 'k1' } },
      { action: 'key.rotated', subject: { type: 'key', id: 'k1' }, details: { unreadable: 0 } },
    ]);
    expect(await commands.audit.verifyApp(operator, {})).toMatchObject({ ok: true, checked: 2 });
    const actions = (await commands.audit.list(context, { action: 'key.rotated' })).items;
    expect(actions).toEqual([]);
  });

  describe('over HTTP', () => {
    interface Entry {
      readonly sequence: number;
      readonly action: string;
      readonly anchor: string;
    }
    const backEnd = { 'x-tenon-app-key': APP_KEY };

    it('is listed by pages and filters', async () => {
      const { api, userId } = person;
      const seen: Entry[] = [];
      for (let path = '/api/audit?limit=3'; path !== '';) {
        const page = await api.ok<{ items: Entry[]; nextCursor: string | null }>('GET', path);
        seen.push(...page.items);
        path = page.nextCursor === null ? '' : `/api/audit?limit=3&cursor=${page.nextCursor}`;
      }
      const { items } = await tenon.app.commands.audit.list(context, { limit: 200 });
      expect(seen.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
        items.map(({ sequence }) => sequence).sort((a, b) => a - b),
      );
      const found = async (query: string) =>
        (await api.ok<{ items: Entry[] }>('GET', `/api/audit?limit=200&${query}`)).items;
      expect((await found('action=tenant.created')).map(({ sequence }) => sequence)).toEqual([1]);
      expect((await found('to=2020-01-01T00:00:00Z')).length).toBe(0);
      expect((await found('from=2020-01-01T00:00:00Z')).length).toBe(seen.length);
      const logIns = await found(`actorUserId=${userId}&action=token.issued`);
      expect(logIns).toHaveLength(1);
      const organizations = await found('subjectType=organization');
      expect(organizations.every(({ action }) => action.startsWith('member.'))).toBe(true);
      const wrong = await api.call('GET', '/api/audit?actor=x');
      expect(wrong).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    });

    it('is verified, against an anchor and after one', async () => {
      const { api } = person;
      const path = '/api/audit/verification';
      const found = await api.ok<{ anchor: string; checked: number }>('GET', path);
      expect(found).toMatchObject({ ok: true, complete: true, broken: null });
      expect(await api.ok('GET', `${path}?anchor=${found.anchor}`)).toEqual(found);
      const after = await api.ok('GET', `${path}?after=${found.anchor}`);
      expect(after).toEqual({ ...found, checked: 0 });
      const other = found.anchor.replace(/:./, ':A').replace(/.$/, 'x');
      expect(await api.ok('GET', `${path}?anchor=${other}`)).toMatchObject({
        ok: false,
        broken: { reason: 'anchor_mismatch' },
      });
      const wrong = await api.call('GET', `${path}?after=x`);
      expect(wrong.body).toMatchObject({ details: { issues: [{ path: 'after' }] } });
    });

    it('shows a person what it did itself, and is verified for nobody who does not see the tenant', async () => {
      const individual = {
        kind: 'individual',
        username: 'bob',
        password: 'a long enough password',
      };
      const api = person.api.as(backEnd);
      const users = `/api/tenants/${person.tenantId}/users`;
      const { id } = await api.ok<{ id: string }>('POST', users, individual);
      const { bearer } = await api.ok<{ bearer: string }>('POST', '/api/login', {
        ...{ tenantId: person.tenantId, username: 'bob', password: individual.password },
      });
      const bob = person.api.as({ authorization: `Bearer ${bearer}` });
      const { items } = await bob.ok<{ items: Entry[] }>('GET', '/api/audit');
      expect(items).toMatchObject([{ action: 'token.issued', actor: { userId: id } }]);
      expect((await bob.call('GET', '/api/audit/verification')).status).toBe(403);
    });

    it('of the app itself is for its back end alone', async () => {
      const api = person.api.as(backEnd);
      const { items } = await api.ok<{ items: Entry[] }>('GET', '/api/audit/app');
      expect(items.map(({ action }) => action)).toContain('key.rotated');
      const found = await api.ok('GET', `/api/audit/app/verification?anchor=${items[0]!.anchor}`);
      expect(found).toMatchObject({ ok: true, checked: items.length });
      for (const path of ['/api/audit/app', '/api/audit/app/verification'])
        expect((await person.api.call('GET', path)).status).toBe(401);
    });
  });
});
