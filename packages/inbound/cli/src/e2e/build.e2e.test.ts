import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createProject } from './project.fixture.js';
import type { Project } from './project.fixture.js';

interface Report {
  readonly outdir: string;
  readonly budget: number | null;
  readonly functions: readonly { readonly name: string; readonly largest: readonly unknown[] }[];
}

// One project for all: what fails must leave it as it was.
describe('tenon build', () => {
  let project: Project;
  const functionsIn = (folder: string): string[] =>
    readdirSync(join(project.dir, folder)).filter((file) => file.endsWith('.mjs'));

  beforeAll(() => {
    project = createProject({
      'package.json': '{ "type": "module", "tenon": { "build": { "budget": "50kb" } } }',
      'src/handlers/load.ts': "export const load = () => 'loaded';\n",
      'src/handlers/api.ts':
        "import { load } from './load.js';\nexport const handler = async (): Promise<string> => load();\n",
      'src/handlers/api.test.ts': 'export const handler = null;\n',
      'src/workers/orders.fifo.ts':
        "import { load } from '../handlers/load.js';\nexport async function handler() {\n  return load();\n}\n",
    });
  });
  afterAll(() => project.remove());

  it('bundles what exports a handler, with source maps', async () => {
    const { code, stdout } = await project.run(['build', '--json']);
    expect(code).toBe(0);
    const { outdir, budget, functions } = JSON.parse(stdout) as Report;
    expect({ outdir, budget }).toEqual({
      outdir: join(project.dir, 'dist/functions'),
      budget: 50_000,
    });
    expect(functions.map(({ name }) => name)).toEqual(['api', 'worker-orders-fifo']);
    expect(functions[0]?.largest).toEqual([{ name: 'this project', bytes: expect.any(Number) }]);
    expect(existsSync(join(outdir, 'api.mjs.map'))).toBe(true);
    const { handler } = (await import(
      pathToFileURL(join(outdir, 'worker-orders-fifo.mjs')).href
    )) as { handler: () => Promise<string> };
    expect(await handler()).toBe('loaded');
  });

  it('writes a table for people, where it is told to', async () => {
    const { code, stdout } = await project.run(['build', '--out', 'out']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/FUNCTION +SIZE +GZIPPED +AT START +LARGEST\n/);
    expect(stdout).toMatch(/api +0 kB +0 kB +0 kB +this project 0 kB\n/);
    expect(functionsIn('out')).toContain('api.mjs');
  });

  it('fails above the budget, names what weighs most, and leaves what was built', async () => {
    const before = readFileSync(join(project.dir, 'dist/functions/api.mjs'), 'utf8');
    const { code, stderr } = await project.run(['build', '--budget', '10b']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Over the budget of 0 kB: api has 0 kB, most of it this project/);
    expect(readFileSync(join(project.dir, 'dist/functions/api.mjs'), 'utf8')).toBe(before);
    expect(readdirSync(join(project.dir, 'dist'))).toEqual(['functions']);
  });

  it('shows the place of an error, and leaves what was built', async () => {
    project.write('src/handlers/broken.ts', 'export const handler = ;\n');
    const { code, stderr } = await project.run(['build']);
    expect(code).toBe(1);
    expect(stderr).toContain('src/handlers/broken.ts:1:24: Unexpected ";"');
    expect(functionsIn('dist/functions')).toContain('api.mjs');
    expect(readdirSync(join(project.dir, 'dist'))).toEqual(['functions']);
    project.write('src/handlers/broken.ts', '');
  });

  it('refuses what would lose something or mean two things', async () => {
    expect(await project.run(['build', '--out', 'src'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('src holds handlers, which no build made'),
    });
    expect(await project.run(['build', '--budget', '5 apples'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "--budget must be a size such as 900kb or 5mb, not '5 apples'",
      ),
    });
    project.write('src/workers/orders-fifo.ts', 'export const handler = () => null;\n');
    expect(await project.run(['build'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("would both become the function 'worker-orders-fifo'"),
    });
  });

  it('says what to do where there is no function', async () => {
    const empty = createProject({ 'package.json': '{ "type": "module" }' });
    try {
      expect(await empty.run(['build'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('src/handlers and src/workers that export'),
      });
    } finally {
      await empty.remove();
    }
  });
});
