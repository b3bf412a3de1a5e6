import { describe, expect, it } from '@jest/globals';
import { testContext } from '@tenon/testing';
import { requireScope, visibleUser } from './context.js';
import type { Context } from './context.js';
import type { UserId } from '../user/user.js';

const userId = '01900000-0000-7000-8000-000000000001' as UserId;

describe('visibleUser', () => {
  it('sees the tenant, the own rows, or nothing at all', () => {
    const context: Context = { ...testContext(), userId, visibility: 'own' };
    expect(visibleUser({ ...context, visibility: 'tenant' })).toBeUndefined();
    expect(visibleUser(context)).toBe(userId);
    expect(() => visibleUser({ ...context, userId: null })).toThrow(/own rows only/);
  });
});

describe('requireScope', () => {
  it('names the scope that is missing', () => {
    const context: Context = { ...testContext(), scopes: ['runs:read'] };
    expect(() => {
      requireScope(context, 'runs:read');
    }).not.toThrow();
    expect(() => {
      requireScope(context, 'runs:write');
    }).toThrow(/'runs:write'/);
    expect(() => {
      requireScope({ ...context, scopes: ['*'] }, 'runs:write');
    }).not.toThrow();
  });
});
