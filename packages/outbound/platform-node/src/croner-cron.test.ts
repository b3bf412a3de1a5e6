import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CronerCron } from './croner-cron.js';

const cron = new CronerCron();
const next = (expression: string, zone: string, after: string): string | undefined =>
  cron.nextAfter(expression, zone, new Date(after))?.toISOString();

describe('CronerCron', () => {
  it('answers the first moment strictly after', () => {
    expect(next('0 3 * * *', 'UTC', '2026-01-01T03:00:00Z')).toBe('2026-01-02T03:00:00.000Z');
    expect(next('*/10 * * * * *', 'UTC', '2026-01-01T00:00:05Z')).toBe('2026-01-01T00:00:10.000Z');
    expect(next('0 9 * * 1', 'UTC', '2026-01-01T00:00:00Z')).toBe('2026-01-05T09:00:00.000Z');
  });

  it('reads the expression in its time zone, through daylight saving', () => {
    expect(next('0 9 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-29T07:00:00.000Z',
    );
    expect(next('0 9 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z')).toBe(
      '2026-03-28T08:00:00.000Z',
    );
    expect(next('0 9 * * *', 'America/New_York', '2026-01-01T00:00:00Z')).toBe(
      '2026-01-01T14:00:00.000Z',
    );
  });

  it('answers null for moments that never come', () => {
    expect(cron.nextAfter('0 0 31 2 *', 'UTC', new Date(0))).toBeNull();
  });

  it('moves forward minute by minute, never standing still', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01') }), (after) => {
        fc.pre(!Number.isNaN(after.getTime()));
        const found = cron.nextAfter('* * * * *', 'UTC', after)?.getTime() ?? 0;
        expect(found).toBe((Math.floor(after.getTime() / 60_000) + 1) * 60_000);
      }),
    );
  });

  it.each([
    ['61 * * * *', 'UTC'],
    ['* * *', 'UTC'],
    ['@daily', 'UTC'],
    ['* * * * * * *', 'UTC'],
    ['0 0 * * *', 'Mars/Olympus'],
    ['', 'UTC'],
  ])('refuses %j in %s', (expression, zone) => {
    expect(() => cron.nextAfter(expression, zone, new Date(0))).toThrow(
      expect.objectContaining({ code: 'MISCONFIGURED' }),
    );
  });
});
