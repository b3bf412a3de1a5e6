import { describe, expect, it } from '@jest/globals';
import type { Commands } from '@tenon/core';
import { features } from './routes.js';

/** Use cases that nobody calls: routes are made, not served. */
const commands = new Proxy({}, { get: () => ({}) }) as Commands;

describe('features', () => {
  it.each(features.map((feature) => [feature.prefixes.join(' '), feature] as const))(
    '%s: requests for every route of it are led to it',
    async (_, { prefixes, load }) => {
      const routes = await load({ commands, secureCookies: true });

      expect(routes.length).toBeGreaterThan(0);
      for (const { path } of routes)
        expect(prefixes.filter((prefix) => path.startsWith(prefix))).toHaveLength(1);
      for (const prefix of prefixes)
        expect(routes.filter(({ path }) => path.startsWith(prefix))).not.toHaveLength(0);
    },
  );
});
