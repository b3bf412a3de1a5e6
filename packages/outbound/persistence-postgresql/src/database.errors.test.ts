import { describe, expect, it } from '@jest/globals';
import { TenonError } from '@tenon/core';
import { breaksConnection, translateError } from './database.errors.js';
import { migrations } from './generated/migrations.js';
import { UNIQUE_KEYS } from './unique-keys.js';

const driverError = (code: string, message = 'x', more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

describe('translateError', () => {
  it.each([
    ['ECONNREFUSED', 'DATABASE_UNAVAILABLE', true],
    ['57P01', 'DATABASE_UNAVAILABLE', true],
    ['57P03', 'DATABASE_UNAVAILABLE', true],
    ['53300', 'DATABASE_UNAVAILABLE', true],
    ['08006', 'DATABASE_UNAVAILABLE', true],
    ['57014', 'DATABASE_TIMEOUT', true],
    ['40001', 'DATABASE_CONFLICT', true],
    ['40P01', 'DATABASE_CONFLICT', true],
    ['42P01', 'DATABASE_SCHEMA_MISSING', false],
    ['42703', 'DATABASE_SCHEMA_MISSING', false],
    ['28P01', 'DATABASE_ACCESS_DENIED', false],
    ['3D000', 'DATABASE_MISSING', false],
    ['22P02', 'VALIDATION_FAILED', false],
    ['22003', 'NUMBER_OUT_OF_RANGE', false],
    ['22021', 'VALIDATION_FAILED', false],
    ['23503', 'REFERENCE_MISSING', false],
    ['25P02', 'TRANSACTION_ABORTED', false],
    ['XX000', 'DATABASE_ERROR', false],
  ])('turns %s into %s', (code, expected, retryable) => {
    expect(translateError(driverError(code))).toMatchObject({ code: expected, retryable });
  });

  it('names the key of a conflict as the ports do', () => {
    const error = driverError('23505', 'duplicate', { constraint: 'users_app_user_id_key' });
    expect(translateError(error)).toMatchObject({
      code: 'UNIQUE_CONFLICT',
      details: { thing: 'user', key: 'appUserId' },
    });
  });

  it('leaves errors of the house and of programs as they are', () => {
    const own = new TenonError({ code: 'X', category: 'internal', message: 'x' });
    const bug = new TypeError('x is not a function');
    expect(translateError(own)).toBe(own);
    expect(translateError(bug)).toBe(bug);
  });
});

describe('breaksConnection', () => {
  it('keeps the connection after a refused statement, not after a lost one', () => {
    expect(breaksConnection(driverError('23505'))).toBe(false);
    expect(breaksConnection(driverError('57014'))).toBe(false);
    expect(breaksConnection(driverError('57P01'))).toBe(true);
    expect(breaksConnection(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(breaksConnection(new Error('Query read timeout'))).toBe(true);
  });
});

describe('UNIQUE_KEYS', () => {
  it('knows every unique constraint of the migrations, and no other', () => {
    const sql = migrations.map((migration) => migration.sql).join('\n');
    const made = [...sql.matchAll(/CREATE UNIQUE INDEX "(\w+)"|CONSTRAINT "(\w+_pkey)"/g)];
    // Rows of these tables are inserted by statements that meet no conflict.
    const upserted = [
      'audit_heads_pkey',
      'inbox_pkey',
      'key_rotations_pkey',
      'leases_pkey',
      'mappings_pkey',
      'records_pkey',
      'row_counts_pkey',
      'usage_counters_pkey',
    ];
    const names = made.map(([, unique, primary]) => unique ?? primary ?? '');
    expect(Object.keys(UNIQUE_KEYS).sort()).toEqual(
      names.filter((name) => !upserted.includes(name)).sort(),
    );
  });
});
