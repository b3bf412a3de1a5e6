import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it, jest } from '@jest/globals';

import { root } from './support/repository.js';

jest.setTimeout(60_000);

const page = join(root, 'docs/architecture.md');

function check(...files: string[]): { status: number | null; stderr: string } {
  const script = join(root, 'scripts/package-graph.mjs');
  const args = [script, '--check', ...files.flatMap((file) => ['--page', file])];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr };
}

describe('the package graph in docs/architecture.md', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenon-graph-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('shows what the packages import today; a page with another edge is refused', () => {
    const old = join(dir, 'architecture.md');
    writeFileSync(old, readFileSync(page, 'utf8').replace(/^(\w+)-->(\w+)$/m, '$2-->$1'));
    // Both in one run: reading all imports takes long.
    expect(check(page, old)).toEqual({
      status: 1,
      stderr: `${old} shows an old package graph: run \`npm run graph\`.\n`,
    });
  });
});
