import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { root, runBin, writeTree, type Outcome } from './support/repository.js';

jest.setTimeout(60_000);

/** Each would compile with Node's or the browser's types and must not compile in the core. */
const planted: Readonly<Record<string, string>> = {
  process: 'export const planted = process.env;',
  buffer: `export const planted = Buffer.from('x');`,
  fetch: `export const planted = fetch('http://127.0.0.1');`,
  timers: 'export const planted = setTimeout(() => undefined, 1);',
  console: `console.log('x');\nexport {};`,
  url: `export const planted = new URL('http://127.0.0.1');`,
  abort: 'export const planted = new AbortController();',
  'global-crypto': 'export const planted = crypto.randomUUID();',
  'node-module': `export { readFileSync } from 'node:fs';`,
  'bare-node-module': `export { randomUUID } from 'crypto';`,
};

/** The same compiler options accept what the language itself offers. */
const clean = 'export const now = (clock: { now(): Date }): string => clock.now().toISOString();\n';

function compile(dir: string): Outcome {
  return runBin({ of: 'typescript', name: 'tsc' }, ['--noEmit', '--pretty', 'false', '-p', dir]);
}

describe('the compiler options of the core', () => {
  // Below the root, so that @types/node could be found if the options let it in.
  const dir = mkdtempSync(join(root, 'node_modules/.tenon-core-purity-'));

  beforeAll(() => {
    const tsconfig = {
      extends: join(root, 'packages/core/tsconfig.json'),
      compilerOptions: {
        rootDir: '.',
        composite: false,
        incremental: false,
        tsBuildInfoFile: null,
      },
      include: ['*.ts'],
    };
    writeTree(dir, { 'tsconfig.json': JSON.stringify(tsconfig), 'clean.ts': clean });
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('accept plain TypeScript', () => {
    expect(compile(dir)).toMatchObject({ status: 0, stdout: '' });
  });

  it('refuse Node and the browser', () => {
    for (const [name, code] of Object.entries(planted)) writeTree(dir, { [`${name}.ts`]: code });
    const { status, stdout } = compile(dir);
    expect(status).not.toBe(0);
    const refused = stdout.split('\n').flatMap((line) => /([\w-]+)\.ts\(\d/.exec(line)?.[1] ?? []);
    expect([...new Set(refused)].sort()).toEqual(Object.keys(planted).sort());
  });
});
