import type * as Jest from '@jest/globals';

/** The functions of Jest that contracts use. */
export type TestApi = Pick<
  typeof Jest,
  'describe' | 'it' | 'expect' | 'beforeAll' | 'afterAll' | 'afterEach'
>;

/**
 * Takes them from the globals: importing `@jest/globals` fails outside of Jest, and the simulators of this package are
 * used there too.
 * @throws Error when there are no such globals.
 */
export function testApi(): TestApi {
  const globals = globalThis as unknown as Partial<TestApi>;
  if (typeof globals.describe !== 'function' || typeof globals.expect !== 'function') {
    throw new Error('Contracts run within Jest, with its globals (injectGlobals)');
  }
  return globals as TestApi;
}
