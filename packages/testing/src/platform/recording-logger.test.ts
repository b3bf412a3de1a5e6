import { describe, expect, it } from '@jest/globals';
import { secret } from '@tenon/core';
import { recordingLogger } from './recording-logger.js';

describe('recordingLogger', () => {
  it('keeps the lines of its children with all fields', () => {
    const logger = recordingLogger();
    logger.child({ a: 1 }).child({ b: 2 }).warn('careful', { c: 3 });
    logger.info('plain');
    expect(logger.lines).toEqual([
      { level: 'warn', message: 'careful', fields: { a: 1, b: 2, c: 3 } },
      { level: 'info', message: 'plain', fields: {} },
    ]);
  });

  it('finds a canary in messages, fields and causes, but not in secrets', () => {
    const logger = recordingLogger();
    logger.info('fine', { token: secret('canary'), big: 1n });
    expect(() => logger.assertNever('canary')).not.toThrow();
    for (const leak of [
      () => logger.info('canary'),
      () => logger.error('failed', { error: new Error('x', { cause: new Error('canary') }) }),
      () => logger.child({ nested: { list: ['canary'] } }).debug('x'),
    ]) {
      logger.clear();
      leak();
      expect(() => logger.assertNever('canary')).toThrow('contains a secret');
    }
  });
});
