import { describe, expect, it } from '@jest/globals';
import { MisconfiguredError, ValidationError } from '../platform/common.errors.js';
import { TenonError } from '../platform/tenon.error.js';
import { publicError } from './public-error.js';

describe('what people of a tenant are told of an error', () => {
  it('is its message when it is about what they did', () => {
    const error = new ValidationError('The input', [{ path: 'id', message: 'it is missing' }]);
    expect(publicError(error)).toEqual({ code: 'VALIDATION_FAILED', message: error.message });
  });

  it.each([
    new MisconfiguredError('The key k1 is not there, known: k2'),
    new TenonError({ code: 'DECRYPTION_FAILED', category: 'internal', message: 'In row k1' }),
  ])('is the code alone when the app itself failed: %p', (error) => {
    const told = publicError(error);
    expect(told.code).toBe(error.code);
    expect(told.message).not.toMatch(/k1|k2/);
  });

  it('is the name of an error of others', () => {
    expect(publicError(new RangeError('canary')).message).not.toContain('canary');
    expect(publicError(new RangeError('canary'))).toMatchObject({ code: 'UNEXPECTED_ERROR' });
  });
});
