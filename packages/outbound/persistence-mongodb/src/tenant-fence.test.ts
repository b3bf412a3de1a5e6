import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { entities, type EntityDescription, type EntityName } from '@tenon/core';
import { uniqueId } from '@tenon/testing';
import fc from 'fast-check';
import { Computed } from './change.js';
import { codecOf } from './document.js';
import { among, compileFilter, type Filter } from './filter.js';
import { Rows } from './rows.js';
import { Scope } from './scope.js';
import type { Session } from './session.js';

const mine = uniqueId();
const theirs = uniqueId();

const refuse = (): Promise<never> => Promise.reject(new Error('A statement was sent'));
/** Nothing may be sent. */
const silent: Session = {
  inTransaction: false,
  read: refuse,
  write: refuse,
  together: refuse,
  wholly: refuse,
};

const ofTenants = (Object.entries(entities) as [EntityName, EntityDescription][])
  .filter(([, { tenant }]) => tenant !== null)
  .map(([name]) => name);

/** What a caller could pass where code forgot to check it. */
const smuggled = (value: unknown): Filter => value as Filter;

describe('the tenant fence', () => {
  it.each(ofTenants)('adds the tenant to every filter on %s', (entity) => {
    const scope = new Scope(codecOf(entity), mine);
    const name = codecOf(entity).nameOf(codecOf(entity).entity.tenant ?? '');
    for (const filter of [{}, { status: 'x' }, { any: [{ status: 'x' }, { status: 'y' }] }]) {
      expect(scope.filter(filter)).toMatchObject({ [name]: mine });
    }
  });

  it.each(ofTenants)('refuses filters and changes on %s that name a tenant', (entity) => {
    const scope = new Scope(codecOf(entity), mine);
    const field = codecOf(entity).entity.tenant ?? '';
    const fenced = expect.objectContaining({ code: 'TENANT_FENCE' });
    expect(() => scope.filter({ [field]: theirs })).toThrow(fenced);
    expect(() => scope.filter({ any: [{ [field]: theirs }, { [field]: mine }] })).toThrow(fenced);
    expect(() => scope.changedName(field)).toThrow(fenced);
    expect(() => scope.check({ [field]: theirs })).toThrow(fenced);
  });

  it('keeps an $or inside of the tenant', () => {
    const scope = new Scope(codecOf('users'), mine);
    expect(scope.filter({ any: [{ status: 'a' }, { id: theirs }] })).toEqual({
      $or: [{ status: 'a' }, { _id: theirs }],
      tenantId: mine,
    });
  });

  it('never reads a value as an operator, whatever it is', () => {
    const unsafe = expect.objectContaining({ code: 'UNSAFE_STATEMENT' });
    const scope = new Scope(codecOf('users'), mine);
    const operators = ['$ne', '$gt', '$where', '$regex', '$expr', '$in', '$nin', '$exists'];
    for (const operator of operators) {
      const hidden = { [operator]: '' };
      expect(() => scope.filter(smuggled({ username: hidden }))).toThrow(unsafe);
      expect(() => scope.filter(smuggled({ [operator]: 'x' }))).toThrow(unsafe);
      expect(() => scope.filter(smuggled({ any: [{ username: hidden }] }))).toThrow(unsafe);
      expect(() => among([hidden as never])).toThrow(unsafe);
      expect(() => scope.filter(smuggled({ username: { operators: hidden } }))).toThrow(unsafe);
    }
    for (const name of ['$or', '$and', '$nor', 'a.b', '', '__proto__x', 'a$b', '_a.b']) {
      expect(() => compileFilter({ [name]: 'x' }, (field) => field)).toThrow(unsafe);
    }
  });

  it('compares with exactly the text that it is given', () => {
    const scope = new Scope(codecOf('users'), mine);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (username) => {
        expect(scope.filter({ username })).toEqual({ username, tenantId: mine });
      }),
    );
  });

  it('takes no tenant but an id, and no key of another tenant', () => {
    const fenced = expect.objectContaining({ code: 'TENANT_FENCE' });
    for (const tenant of ['', 'x', undefined, null, { $ne: '' }, [mine]] as never[]) {
      expect(() => new Rows(silent, 'users').of(tenant)).toThrow(fenced);
    }
    const scope = new Scope(codecOf('inbox'), mine);
    expect(() => scope.keyed(codecOf('inbox').idOf({ tenantId: theirs, key: 'k' }))).toThrow(
      fenced,
    );
    expect(() => new Scope(codecOf('inbox'), null).keyed('k')).toThrow(fenced);
  });

  it('sends nothing for a row or a change of another tenant', async () => {
    const rows = new Rows(silent, 'users').of(mine);
    const fenced = { code: 'TENANT_FENCE' };
    await expect(rows.insert({ id: uniqueId(), tenantId: theirs })).rejects.toMatchObject(fenced);
    const change = { set: { tenantId: theirs } };
    await expect(rows.update({ id: uniqueId() }, change)).rejects.toMatchObject(fenced);
    const computed = new Computed([{ tenantId: { $literal: theirs } }]);
    await expect(rows.change({ id: uniqueId() }, computed)).rejects.toMatchObject(fenced);
  });

  it('has one other door, which these files use', () => {
    const folder = new URL('.', import.meta.url);
    const users = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'rows.ts')
      .filter((name) => readFileSync(new URL(name, folder), 'utf8').includes('.acrossTenants()'));
    expect(users).toEqual([
      'archive.ts',
      'authorization-session.repository.ts',
      'dead-letter.repository.ts',
      'file.repository.ts',
      'inbox.repository.ts',
      'installation.repository.ts',
      'key-rotation.repository.ts',
      'lease.repository.ts',
      'outbox.repository.ts',
      'schedule.repository.ts',
      'secret-fields.ts',
      'state.repository.ts',
      'tenant.repository.ts',
      'token.repository.ts',
      'usage-counter.repository.ts',
      'user.repository.ts',
      'webhook-endpoint.repository.ts',
      'websocket-connection.repository.ts',
    ]);
  });
});
