import { describe, expect, it } from '@jest/globals';
import { createNodePlatform } from './create-node-platform.js';

describe('createNodePlatform', () => {
  it('gives the four ports', async () => {
    const { clock, ids, crypto, cron } = createNodePlatform({ scryptConcurrency: 1 });
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
    expect(ids.next()).not.toBe(ids.next());
    expect(crypto.sha256('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
    expect(cron.nextAfter('* * * * *', 'UTC', new Date(0))).toEqual(new Date(60_000));
    await clock.sleep(1);
  });

  it('refuses unknown options, naming the nearest', () => {
    expect(() => createNodePlatform({ scryptConcurency: 1 } as never)).toThrow(
      "did you mean 'scryptConcurrency'",
    );
  });
});
