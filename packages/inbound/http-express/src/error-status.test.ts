import { describe, expect, it } from '@jest/globals';
import { errorCategories, TenonError } from '@tenon/core';
import { statusOf, statusOfError } from './error-status.js';
import { toProblem } from './problem.js';

describe('error status', () => {
  it('knows every category', () => {
    expect(Object.keys(statusOf).sort()).toEqual([...errorCategories].sort());
    for (const status of Object.values(statusOf)) expect(status).toBeGreaterThanOrEqual(400);
  });

  it('answers 500 to what was not thrown on purpose', () => {
    expect(statusOfError(new TypeError('x is undefined'))).toBe(500);
    expect(statusOfError('text')).toBe(500);
  });
});

describe('problem details', () => {
  it('tells the caller what, where and the request id', () => {
    const error = new TenonError({
      code: 'CONNECTION_IN_USE',
      category: 'conflict',
      message: 'Two installations use the connection; delete them first',
      details: { installations: ['a', 'b'] },
    });
    expect(toProblem(error, 'request-1')).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Two installations use the connection; delete them first',
      code: 'CONNECTION_IN_USE',
      requestId: 'request-1',
      details: { installations: ['a', 'b'] },
    });
  });

  it.each([
    new Error('connect to postgresql://app:canary-31@db failed'),
    new TenonError({
      code: 'X',
      category: 'internal',
      message: 'canary-31',
      details: { canary: 'canary-31' },
    }),
    new TenonError({ code: 'Y', category: 'misconfigured', message: 'canary-31' }),
  ])('keeps what is inside inside', (error) => {
    const problem = toProblem(error, 'request-2');
    expect(problem.status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('canary-31');
    expect(problem.detail).toContain('request-2');
  });
});
