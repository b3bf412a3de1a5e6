import { describe, expect, it } from '@jest/globals';
import { Secret, TenonError } from '@tenon/core';
import type { Logger } from '@tenon/core';
import fc from 'fast-check';
import { createPinoLogger, type PinoLoggerOptions } from './create-pino-logger.js';
import { createLineLogger, type LineLoggerOptions } from './line-logger.js';

const CANARY = 'canary-5e1a';

function recordedBy(create: (options: PinoLoggerOptions) => Logger, options: PinoLoggerOptions) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = create({ level: 'debug', destination, ...options });
  const last = () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>;
  return { logger, lines, last };
}

describe.each([
  ['createPinoLogger', createPinoLogger],
  ['createLineLogger', createLineLogger],
])('%s', (_name, create) => {
  const recorded = (options: LineLoggerOptions = {}) => recordedBy(create, options);

  it('writes one JSON line with level, time, message and fields', () => {
    const { logger, lines, last } = recorded();
    logger.warn('100% %s done', { count: 2, at: new Date(0), big: 3n, none: null });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      message: '100% %s done',
      count: 2,
      at: '1970-01-01T00:00:00.000Z',
      big: '3',
      none: null,
    });
  });

  it('writes from its level on and looks at nothing below', () => {
    const { logger, lines } = recorded({ level: 'warn' });
    let looked = 0;
    const fields = {
      get value() {
        looked += 1;
        return looked;
      },
    };
    logger.debug('no', fields);
    logger.child(fields).info('no', fields);
    expect([lines.length, looked]).toEqual([0, 0]);
    logger.child(fields).error('yes', fields);
    expect([lines.length, looked]).toEqual([1, 2]);
    const silent = recorded({ level: 'silent' });
    silent.logger.error('no');
    expect(silent.lines).toHaveLength(0);
  });

  it('adds the fields of children, nearest last', () => {
    const { logger, last } = recorded();
    const child = logger.child({ tenantId: 't', requestId: 'r' }).child({ userId: 'u' });
    child.info('x', { more: 1 });
    expect(last()).toMatchObject({ tenantId: 't', requestId: 'r', userId: 'u', more: 1 });
    logger.info('y');
    expect(last()).not.toHaveProperty('tenantId');
  });

  it('keeps its own fields when others have their names', () => {
    const { logger, last } = recorded();
    logger.info('real', { message: 'fake', level: 'fake', time: 'fake' });
    expect(last()).toMatchObject({ message: 'real', level: 'info', 'field.level': 'fake' });
  });

  it('prints no secret, however deep', () => {
    const { logger, lines } = recorded();
    const wrapped = new Secret(CANARY);
    const fields = {
      wrapped,
      list: [{ deep: { wrapped } }],
      map: new Map([['k', wrapped]]),
      set: new Set([wrapped]),
      bytes: Buffer.from(CANARY),
      headers: { Authorization: CANARY, 'x-api-key': CANARY, 'Set-Cookie': [CANARY], accept: '*' },
      body: { password: CANARY, client_secret: CANARY, refreshToken: CANARY },
      url: new URL(`https://a.example/p?token=${CANARY}`),
      signal: Object.assign(new AbortController().signal, { hidden: CANARY }),
    };
    logger.info('x', fields);
    logger.child(fields).info('y');
    for (const line of lines) {
      expect(line).not.toContain(CANARY);
      expect(line).not.toContain(Buffer.from(CANARY).toString('base64'));
      expect(line).toContain('"accept":"*"');
      expect(line).toContain('https://a.example/p');
      expect(line).toContain('[secret]');
    }
  });

  it('prints errors with code, category, details and causes, and nothing that hangs on them', () => {
    const { logger, last, lines } = recorded();
    const request = { headers: { authorization: CANARY }, url: CANARY };
    const cause = Object.assign(new Error('socket closed'), { code: 'ECONNRESET', request });
    const error = new TenonError({
      code: 'PROVIDER_UNAVAILABLE',
      category: 'unavailable',
      message: 'No answer',
      details: { status: 503, token: new Secret(CANARY) as never },
      cause,
    });
    logger.error('failed', { error });
    expect(last()['error']).toMatchObject({
      name: 'TenonError',
      code: 'PROVIDER_UNAVAILABLE',
      category: 'unavailable',
      message: 'No answer',
      details: { status: 503 },
      stack: expect.stringContaining('loggers.test'),
      cause: { code: 'ECONNRESET', message: 'socket closed' },
    });
    logger.error('failed', { err: new AggregateError([error], 'all') });
    expect(last()['err']).toMatchObject({ errors: [{ code: 'PROVIDER_UNAVAILABLE' }] });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('never throws: cycles, getters that throw, depth, width, length', () => {
    const { logger, lines, last } = recorded();
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle['self'] = cycle;
    const loop = new Error('loop');
    loop.cause = loop;
    const throws = {
      get value(): never {
        throw new Error('no');
      },
    };
    logger.info('a', {
      cycle,
      loop,
      wide: Array.from({ length: 1_000 }),
      long: 'x'.repeat(100_000),
    });
    expect(lines[0]?.length).toBeLessThan(30_000);
    logger.info('b', throws);
    expect(last()).toMatchObject({ message: 'b', fields: '[unprintable]' });
    logger.child(throws).info('c');
    const broken = create({
      destination: {
        write: () => {
          throw new Error('disk full');
        },
      },
    });
    broken.error('d');
  });

  it('writes one parseable line for any fields', () => {
    const { logger, lines, last } = recorded();
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.anything()), (message, fields) => {
        lines.length = 0;
        logger.info(message, fields);
        expect(lines).toHaveLength(1);
        expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
        expect(last()['message']).toBe(message);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses unknown options and levels', () => {
    expect(() => create({ levle: 'info' } as never)).toThrow("did you mean 'level'");
    expect(() => create({ level: 'loud' as never })).toThrow('none of debug');
  });
});

describe('createPinoLogger', () => {
  it('writes for people when asked', () => {
    const { logger, lines } = recordedBy(createPinoLogger, { pretty: true });
    logger.info('Connected', { connector: 'crm', list: [1, 2], error: new Error('boom') });
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} .*info .* Connected connector=crm list=\[1,2\]/,
    );
    expect(lines[0]).toMatch(/\nError: boom\n {4}at /);
  });
});
