import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { root, runBin, writeTree, type Outcome } from './support/repository.js';

const core = 'packages/core/src';
const http = 'packages/inbound/http/src';
const lambda = 'packages/inbound/lambda/src';
const memory = 'packages/outbound/memory/src';
const postgres = 'packages/outbound/postgres/src';

const clean = {
  [`${core}/index.ts`]: `export { CreateUser } from './user/create-user.use-case.js';\n`,
  [`${core}/user/user.ts`]: 'export interface User { readonly id: string }\n',
  [`${core}/user/user-repository.port.ts`]: `import type { User } from './user.js';\nexport interface UserRepository { get(id: string): Promise<User | null> }\n`,
  [`${core}/user/create-user.use-case.ts`]: `import type { UserRepository } from './user-repository.port.js';\nexport class CreateUser { constructor(readonly users: UserRepository) {} }\n`,
  [`${core}/user/create-user.test.ts`]: `import '@tenon/memory';\nimport '@tenon/testing';\nimport '../index.js';\n`,
  [`${http}/index.ts`]: `export { CreateUser } from '@tenon/core';\n`,
  [`${http}/user.router.ts`]: `export const router = 1;\n`,
  [`${http}/user.router.test.ts`]: `import '@tenon/memory';\nimport '@tenon/testing';\n`,
  [`${lambda}/index.ts`]: `import '@tenon/core';\nimport 'tiny';\n`,
  [`${memory}/index.ts`]: `import '@tenon/core';\n`,
  [`${memory}/persistence.contract.test.ts`]: `import '@tenon/testing';\n`,
  [`${postgres}/index.ts`]: `import 'node:crypto';\nimport '@tenon/core';\n`,
  'packages/testing/src/index.ts': `import '@tenon/core';\n`,
  'packages/app/src/index.ts': `import '@tenon/core';\nimport '@tenon/http';\nimport '@tenon/memory';\n`,
  'examples/shop/src/main.ts': `import '@tenon/app';\nimport '@tenon/memory';\n`,
};

/** One planted file per way to break a rule, with the only rules that may name it. */
const planted: readonly { file: string; code: string; breaks: string }[] = [
  { file: `${core}/user/npm.ts`, code: `import 'tiny';`, breaks: 'core-is-pure' },
  { file: `${core}/user/node.ts`, code: `import 'node:fs';`, breaks: 'core-is-pure' },
  { file: `${core}/user/adapter.ts`, code: `import '@tenon/memory';`, breaks: 'core-is-pure' },
  {
    file: `${http}/calls-outbound.ts`,
    code: `import '@tenon/memory';`,
    breaks: 'inbound-knows-core-only',
  },
  {
    file: `${http}/calls-app.ts`,
    code: `import '@tenon/app';`,
    breaks: 'inbound-knows-core-only',
  },
  {
    file: `${http}/calls-inbound.ts`,
    code: `import type {} from '@tenon/lambda';`,
    breaks: 'inbound-knows-core-only',
  },
  {
    file: 'packages/inbound/create-tenon/src/calls-http.ts',
    code: `import '@tenon/http';`,
    breaks: 'initializer-knows-cli-only',
  },
  {
    file: `${memory}/calls-inbound.ts`,
    code: `import '@tenon/http';`,
    breaks: 'outbound-knows-core-only',
  },
  {
    file: `${memory}/calls-outbound.ts`,
    code: `import '@tenon/postgres';`,
    breaks: 'outbound-knows-core-only',
  },
  {
    file: `${memory}/calls-app.ts`,
    code: `import '@tenon/app';`,
    breaks: 'outbound-knows-core-only',
  },
  {
    file: `${memory}/ships-contracts.ts`,
    code: `import '@tenon/testing';`,
    breaks: 'testing-only-from-tests',
  },
  {
    file: `${core}/user/ships-fixtures.ts`,
    code: `import '@tenon/testing';`,
    breaks: 'testing-only-from-tests',
  },
  {
    file: 'packages/testing/src/uses-adapter.ts',
    code: `import '@tenon/memory';`,
    breaks: 'only-app-imports-both-sides',
  },
  {
    file: 'packages/extra/src/index.ts',
    code: `import '@tenon/http';`,
    breaks: 'only-app-imports-both-sides',
  },
  {
    file: `${core}/user/entity-uses-use-case.ts`,
    code: `import './create-user.use-case.js';`,
    breaks: 'domain-below-use-cases',
  },
  {
    file: `${core}/user/upside-down.port.ts`,
    code: `import type {} from './create-user.use-case.js';`,
    breaks: 'domain-below-use-cases',
  },
  {
    file: `${core}/user/rename-user.use-case.ts`,
    code: `import './create-user.use-case.js';`,
    breaks: 'use-cases-do-not-chain',
  },
  {
    file: `${memory}/reaches-in.ts`,
    code: `import '../../../core/src/user/user.js';`,
    breaks: 'no-deep-imports',
  },
  {
    file: 'examples/shop/src/reaches-in.ts',
    code: `import '../../../packages/inbound/http/src/user.router.js';`,
    breaks: 'no-deep-imports',
  },
  { file: `${core}/user/ping.ts`, code: `import './pong.js';`, breaks: 'no-cycles' },
  { file: `${http}/hoisted.ts`, code: `import 'tiny';`, breaks: 'no-undeclared-packages' },
  { file: `${lambda}/only-dev.ts`, code: `import 'other';`, breaks: 'no-dev-packages' },
  { file: `${http}/typo.ts`, code: `import './user.routre.js';`, breaks: 'no-unresolvable' },
];

/** The other half of the planted cycle, which is reported once. */
const pong = { [`${core}/user/pong.ts`]: `import './ping.js';\n` };

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

function cruise(dir: string, outputType: 'err' | 'json'): Outcome {
  const config = join(root, '.dependency-cruiser.cjs');
  return runBin(
    { of: 'dependency-cruiser', name: 'depcruise' },
    ['--config', config, '--output-type', outputType, '.'],
    { cwd: dir },
  );
}

function makeTree(dir: string): void {
  const packages = {
    core: 'core',
    http: 'inbound/http',
    lambda: 'inbound/lambda',
    memory: 'outbound/memory',
    postgres: 'outbound/postgres',
    testing: 'testing',
    app: 'app',
    extra: 'extra',
  };
  writeTree(dir, clean);
  for (const [name, folder] of Object.entries(packages)) {
    const manifest = {
      name: `@tenon/${name}`,
      type: 'module',
      exports: { '.': { source: './src/index.ts', default: './dist/index.js' } },
      ...(name === 'lambda'
        ? { dependencies: { tiny: '1.0.0' }, devDependencies: { other: '1.0.0' } }
        : {}),
    };
    writeTree(dir, { [`packages/${folder}/package.json`]: JSON.stringify(manifest) });
    const link = join(dir, 'node_modules/@tenon', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(dir, 'packages', folder), link, 'junction');
  }
  for (const name of ['tiny', 'other']) {
    writeTree(dir, {
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: 'index.js' }),
      [`node_modules/${name}/index.js`]: 'module.exports = 1;\n',
    });
  }
}

jest.setTimeout(60_000);

describe('the boundaries of the hexagon', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenon-boundaries-'));
  let violations: Violation[] = [];

  beforeAll(() => {
    makeTree(dir);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('accepts a tree that keeps the rules', () => {
    const { status, stdout } = cruise(dir, 'err');
    expect(stdout).toContain('no dependency violations found');
    expect(status).toBe(0);
  });

  it('refuses a tree with violations', () => {
    writeTree(dir, pong);
    writeTree(dir, Object.fromEntries(planted.map(({ file, code }) => [file, `${code}\n`])));
    expect(cruise(dir, 'err').status).toBeGreaterThan(0);
    const result = JSON.parse(cruise(dir, 'json').stdout) as {
      summary: { violations: Violation[] };
    };
    violations = result.summary.violations;
  });

  it.each(planted)('$breaks catches $file', ({ file, breaks }) => {
    const rules = violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
    expect([...new Set(rules)]).toEqual([breaks]);
  });

  it('blames nothing but the planted files', () => {
    const files = new Set(planted.map(({ file }) => file));
    expect(violations.filter(({ from }) => !files.has(from))).toEqual([]);
  });

  it('has every rule of the configuration planted here', () => {
    const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    const rules = config.forbidden.map(({ name }) => name).sort();
    expect([...new Set(planted.map(({ breaks }) => breaks))].sort()).toEqual(rules);
  });
});
