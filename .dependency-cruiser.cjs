const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

// The hexagon as rules. tooling/boundaries.test.ts plants a violation of each and expects exactly that rule to fail.
const notShipped = '\\.(test|fixture)\\.ts$';

/** The sources behind every entry that a package.json exports, as patterns. */
function publicEntries() {
  const folders = ['packages', 'packages/inbound', 'packages/outbound'];
  return folders
    .flatMap((folder) => readdirSync(join(__dirname, folder)).map((name) => `${folder}/${name}`))
    .filter((dir) => existsSync(join(__dirname, dir, 'package.json')))
    .flatMap((dir) => {
      const { exports } = JSON.parse(readFileSync(join(__dirname, dir, 'package.json'), 'utf8'));
      const sources = Object.values(exports).flatMap(({ source }) => source ?? []);
      return sources.map((source) => `^${dir}/${source.slice(2).replaceAll('.', '\\.')}$`);
    });
}
const anyPackage = '^packages/((inbound|outbound)/)?[^/]+/';

/** Modules of one side may import their own package and the core's door, nothing else of the house. */
const knowsCoreOnly = (side) => ({
  name: `${side}-knows-core-only`,
  comment:
    `A package in packages/${side} imports @tenon/core and third-party packages only; ` +
    'what it needs from another adapter belongs behind a port of the core.',
  severity: 'error',
  from: { path: `^packages/${side}/([^/]+)/`, pathNot: notShipped },
  to: {
    path: '^(packages|examples|benchmarks|docs)/',
    // The testing package has a rule of its own.
    pathNot: [`^packages/${side}/$1/`, '^packages/core/', '^packages/testing/'],
  },
});

/** npm wants a package of this name for `npm create tenon`; it is a command of the command line, under another name. */
const INITIALIZER = '^packages/inbound/create-tenon/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      comment:
        'The core imports nothing outside itself: no npm package, no Node module, no adapter. ' +
        'Clock, ids, randomness, logging and HTTP are ports.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: notShipped },
      to: { pathNot: '^packages/(core/src|testing)/' },
    },
    {
      ...knowsCoreOnly('inbound'),
      from: { path: '^packages/inbound/([^/]+)/', pathNot: [notShipped, INITIALIZER] },
    },
    {
      name: 'initializer-knows-cli-only',
      comment: 'create-tenon is `tenon create` under the name that npm asks for, and nothing more.',
      severity: 'error',
      from: { path: INITIALIZER, pathNot: notShipped },
      to: { path: '^packages/', pathNot: [INITIALIZER, '^packages/inbound/cli/'] },
    },
    knowsCoreOnly('outbound'),
    {
      name: 'only-app-imports-both-sides',
      comment:
        'Only @tenon/app puts adapters together; any other package outside inbound and outbound knows the core alone.',
      severity: 'error',
      from: { path: '^packages/(?!(app|core|inbound|outbound)/)', pathNot: notShipped },
      to: { path: '^packages/(app|inbound|outbound)/' },
    },
    {
      name: 'testing-only-from-tests',
      comment:
        'Contracts and simulators never ship inside another package: only *.test.ts and *.fixture.ts import @tenon/testing.',
      severity: 'error',
      from: { path: '^(packages|examples)/', pathNot: [notShipped, '^packages/testing/'] },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'domain-below-use-cases',
      comment: 'Entities, ports, errors and events do not import the use cases that serve them.',
      severity: 'error',
      from: {
        path: '^packages/core/src/',
        pathNot: [
          notShipped,
          '\\.use-case\\.ts$',
          '\\.commands\\.ts$',
          '^packages/core/src/index\\.ts$',
        ],
      },
      to: { path: '^packages/core/src/.+\\.use-case\\.ts$' },
    },
    {
      name: 'use-cases-do-not-chain',
      comment: 'Use cases share domain functions, they do not call each other.',
      severity: 'error',
      from: { path: '\\.use-case\\.ts$' },
      to: { path: '\\.use-case\\.ts$' },
    },
    {
      name: 'no-deep-imports',
      comment:
        'A package is entered by what its package.json exports. What others need is exported there by name.',
      severity: 'error',
      from: {
        path: '^((packages/((inbound|outbound)/)?|examples/)[^/]+|benchmarks|docs|tooling)/',
      },
      to: { path: anyPackage, pathNot: ['^$1/', '/src/index\\.ts$', ...publicEntries()] },
    },
    {
      name: 'no-cycles',
      comment:
        'A cycle means two files are one concept: merge them, or move the shared part below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-undeclared-packages',
      comment:
        'npm hoisting hides a missing dependency until a user installs the package alone: declare it in package.json.',
      severity: 'error',
      from: { path: '^(packages|examples|benchmarks)/', pathNot: [notShipped, '^packages/core/'] },
      to: {
        // Peers are reported as npm-no-pkg too. Undeclared workspaces are found by knip.
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'no-dev-packages',
      comment: 'What a published file imports is a dependency or a peer, not a devDependency.',
      severity: 'error',
      from: { path: '^packages/', pathNot: notShipped },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'],
      },
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    // Tests of the command line make their projects in .tenon.
    exclude: {
      path: ['/dist/', '/src/generated/', '/cli/templates/', '^docs/snippets/', '/[.]tenon/'],
    },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
