import { describe, expect, it } from '@jest/globals';
import { KeyCache } from './key-cache.js';
import type { DataKey } from './key-cache.js';

const aKey = (): DataKey => ({ bytes: Buffer.alloc(32, 7), wrapped: 'w' });
const isZero = ({ bytes }: DataKey): boolean => bytes.every((byte) => byte === 0);

function setUp(bounds: object = {}) {
  const time = { now: 0 };
  const limits = { maxKeys: 2, ttlMs: 100, maxUses: Infinity, failureTtlMs: 10, ...bounds };
  const cache = new KeyCache(limits, () => time.now);
  const made: DataKey[] = [];
  const load = async (): Promise<DataKey> => {
    made.push(aKey());
    return made.at(-1)!;
  };
  const use = async (name: string) => cache.use(name, load, (key) => !isZero(key));
  return { cache, time, made, use };
}

describe('KeyCache', () => {
  it('overwrites the key that was used least recently, the expired and all of them', async () => {
    const { cache, time, made, use } = setUp();
    for (const name of ['a', 'b', 'a', 'c']) expect(await use(name)).toBe(true);
    expect(made.map(isZero)).toEqual([false, true, false]);
    time.now = 100;
    await use('d');
    expect(made.map(isZero)).toEqual([true, true, true, false]);
    cache.clear();
    expect([made.every(isZero), cache.size]).toEqual([true, 0]);
  });

  it('leaves a key alone for as long as somebody waits for it', async () => {
    const { made, use, cache } = setUp({ maxKeys: 1 });
    const uses = ['a', 'b', 'c', 'a'].map((name) => use(name));
    expect(await Promise.all(uses)).toEqual([true, true, true, true]);
    expect(made.map(isZero)).toEqual([true, true, true, false]);
    expect(cache.size).toBe(1);
  });

  it('keeps a copy of what it is given', async () => {
    const { cache, made, use } = setUp();
    const key = aKey();
    cache.put('a', key);
    cache.clear();
    expect([isZero(key), made.length]).toEqual([false, 0]);
    expect(await use('a')).toBe(true);
    expect(made).toHaveLength(1);
  });

  it('does not keep failures that are not outages', async () => {
    const { cache } = setUp();
    let asked = 0;
    const fail = async (): Promise<DataKey> => {
      asked += 1;
      throw new Error('wrong');
    };
    const use = async () => cache.use('a', fail, isZero);
    for (let tries = 0; tries < 2; tries += 1) await expect(use()).rejects.toThrow('wrong');
    expect([asked, cache.size]).toEqual([2, 0]);
  });
});
