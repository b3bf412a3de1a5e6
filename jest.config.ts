/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

type ProjectConfig = Exclude<NonNullable<Config['projects']>[number], string>;

/** A test's kind is the suffix of its file. */
const kinds = {
  unit: ['**/*.test.ts', '!**/*.contract.test.ts', '!**/*.e2e.test.ts'],
  contract: ['**/*.contract.test.ts'],
  e2e: ['**/*.e2e.test.ts'],
};

const shared: ProjectConfig = {
  roots: ['packages', 'examples', 'benchmarks', 'tooling'].map((name) => `<rootDir>/${name}`),
  testEnvironment: 'node',
  // `source` makes every workspace resolve to its TypeScript: tests need no build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/src/generated/', '/cli/templates/'],
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
  // Jest takes it for all projects together. Generous: tests start real servers, on machines that may be busy.
  testTimeout: 60_000,
  // Tests wait for servers more than they compute: two at once also where there are two cores.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Modules in contexts of their own are never let go: a process that grew is slow, and is replaced.
  workerIdleMemoryLimit: '768MB',
  projects: Object.entries(kinds).map(([displayName, testMatch]) => ({
    ...shared,
    displayName,
    testMatch,
  })),
};

export default config;
