import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toJsonObject, toJsonValue } from './to-json.js';

describe('toJsonValue', () => {
  it('answers what survives JSON unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(toJsonValue(value, 'It'))).toBe(text);
      }),
    );
    expect(toJsonValue({ a: undefined, b: 1 }, 'It')).toEqual({ b: 1 });
  });

  it('names the place of what does not', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const wrong: [unknown, RegExp][] = [
      [{ a: [1, new Date()] }, /It is not valid: a\.1: a Date is not JSON/],
      [{ a: new Map() }, /a: a Map is not JSON/],
      [{ n: NaN }, /n: NaN is not a JSON number/],
      [{ f: () => 1 }, /f: a value of type function/],
      [{ b: 1n }, /b: a value of type bigint/],
      [cycle, /contains itself/],
    ];
    for (const [value, message] of wrong) {
      expect(() => toJsonValue(value, 'It')).toThrow(message);
    }
    expect(() => toJsonObject([1], 'It', 'config')).toThrow(/config: it must be an object/);
  });
});
