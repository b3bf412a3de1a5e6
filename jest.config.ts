/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

type ProjectConfig = Exclude<NonNullable<Config['projects']>[number], string>;

/** A test's kind is the suffix of its file; e2e tests may start processes and get more time. */
const kinds = {
  unit: {
    testMatch: ['**/*.test.ts', '!**/*.contract.test.ts', '!**/*.e2e.test.ts'],
    testTimeout: 10_000,
  },
  contract: { testMatch: ['**/*.contract.test.ts'], testTimeout: 30_000 },
  e2e: { testMatch: ['**/*.e2e.test.ts'], testTimeout: 60_000 },
};

const shared: ProjectConfig = {
  roots: ['packages', 'examples', 'benchmarks', 'tooling'].map((name) => `<rootDir>/${name}`),
  testEnvironment: 'node',
  // `source` makes every workspace resolve to its TypeScript: tests need no build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/src/generated/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const config: Config = {
  projects: Object.entries(kinds).map(([displayName, { testMatch, testTimeout }]) => ({
    ...shared,
    displayName,
    testMatch,
    testTimeout,
  })),
};

export default config;
