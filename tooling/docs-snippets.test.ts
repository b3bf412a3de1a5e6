import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { codeBlocks, documentationPages, optOutReason } from './support/code-blocks.js';
import { root, runBin, writeTree, type Outcome } from './support/repository.js';

jest.setTimeout(120_000);

const pages = documentationPages();
const blocks = pages.flatMap((page) => codeBlocks(page));

/** Type-checks files in one program, against the declarations of the workspaces: reading all sources again takes long. */
function compile(dir: string): Outcome {
  const tsconfig = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      customConditions: [],
      rootDir: root,
      composite: false,
      incremental: false,
      declaration: false,
      // A snippet shows a call, not what becomes of its result.
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ['*.ts'],
  };
  writeTree(dir, { 'tsconfig.json': JSON.stringify(tsconfig) });
  return runBin({ of: 'typescript', name: 'tsc' }, ['--noEmit', '--pretty', 'false', '-p', dir]);
}

/** Names the page and line of a block where the compiler names the file it was put in. */
function located(output: string): string {
  const lines = output.split('\n').map((text) => {
    const found = /block-(\d+)\.ts\((\d+),\d+\)(.*)/.exec(text);
    const block = blocks[Number(found?.[1])];
    return found && block
      ? `${block.page}:${String(block.line + Number(found[2]))}${found[3] ?? ''}`
      : text;
  });
  return lines.join('\n');
}

describe('the code in the documentation', () => {
  // Below docs/snippets, so that imports resolve as they do for a workspace.
  const dir = mkdtempSync(join(root, 'docs/snippets/.blocks-'));
  const manifest = { 'package.json': '{ "type": "module" }' };

  beforeAll(() => {
    writeTree(dir, manifest);
    blocks.forEach((block, index) => {
      if (optOutReason(block) === undefined) {
        // `export {}` makes a block a module of its own, so that blocks cannot see each other.
        writeTree(dir, { [`block-${String(index)}.ts`]: `${block.code}\nexport {};\n` });
      }
    });
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('is found in the README, the guides and the packages', () => {
    expect(pages).toContain('README.md');
    expect(pages).toContain('packages/core/README.md');
  });

  it('opts out only with a reason', () => {
    const silent = blocks.filter((block) => optOutReason(block)?.trim() === '');
    expect(silent.map(({ page, line }) => `${page}:${String(line)}`)).toEqual([]);
  });

  it('compiles', () => {
    // What is built already is left as it is.
    expect(runBin({ of: 'typescript', name: 'tsc' }, ['-b', root])).toMatchObject({ status: 0 });
    if (blocks.every((block) => optOutReason(block) !== undefined)) {
      throw new Error('No page shows code that compiles: the pattern of the fences is wrong.');
    }
    expect(located(compile(dir).stdout)).toBe('');
  });

  it('is refused when it is wrong', () => {
    const wrong = join(dir, 'wrong');
    const [block] = codeBlocks('wrong.md', '# x\n\n```ts\nconst a: string = 1;\n```\n');
    writeTree(wrong, { ...manifest, 'block.ts': `${block?.code ?? ''}\nexport {};\n` });
    expect(compile(wrong).stdout).toContain('TS2322');
  });
});
