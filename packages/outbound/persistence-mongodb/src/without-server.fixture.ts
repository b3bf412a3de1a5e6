import { describe, expect, it } from '@jest/globals';

/** Says in one line what is left out because there is no server. In CI that is a failure. */
export function withoutServer(what: string): void {
  const line = `No MongoDB: ${what} is not tested. Set MONGODB_URI, or let mongodb-memory-server download one`;
  describe('MongoDB', () => {
    if (process.env['CI'] === 'true') {
      it('has a server in CI', () => {
        expect(line).toBe('');
      });
    } else {
      it.skip(line, () => undefined);
    }
  });
}
