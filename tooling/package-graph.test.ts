import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it, jest } from '@jest/globals';

import { root } from './support/repository.js';

jest.setTimeout(60_000);

const page = join(root, 'docs/architecture.md');

function check(file: string): { status: number | null; stderr: string } {
  const script = join(root, 'scripts/package-graph.mjs');
  const args = [script, '--check', '--page', file];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr };
}

describe('the package graph in docs/architecture.md', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenon-graph-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('shows what the packages import today', () => {
    expect(check(page)).toEqual({ status: 0, stderr: '' });
  });

  it('is refused when it shows another edge', () => {
    const old = join(dir, 'architecture.md');
    writeFileSync(old, readFileSync(page, 'utf8').replace(/^(\w+)-->(\w+)$/m, '$2-->$1'));
    expect(check(old)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm run graph'),
    });
  });
});
