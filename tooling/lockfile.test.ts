import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { root } from './support/repository.js';

interface Lockfile {
  readonly packages: Record<string, { resolved?: string; link?: boolean }>;
}

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;

function check(path: string): { status: number | null; stderr: string } {
  const args = [join(root, 'scripts/complete-lockfile.mjs'), '--check', '--file', path];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr };
}

describe('package-lock.json', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenon-lockfile-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('has the binaries of every platform', () => {
    expect(check(file)).toEqual({ status: 0, stderr: '' });
  });

  it('is refused when a platform is missing', () => {
    const name = '@swc/core-darwin-arm64';
    const packages = Object.entries(lock.packages).filter(([path]) => !path.endsWith(name));
    expect(packages).toHaveLength(Object.keys(lock.packages).length - 1);
    const incomplete = join(dir, 'package-lock.json');
    writeFileSync(incomplete, JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }));
    expect(check(incomplete)).toMatchObject({ status: 1, stderr: expect.stringContaining(name) });
  });

  it('names no registry but the public one', () => {
    const hosts = Object.values(lock.packages)
      .filter(({ resolved, link }) => resolved !== undefined && link !== true)
      .map(({ resolved = '' }) => resolved)
      .filter((resolved) => !resolved.startsWith('https://registry.npmjs.org/'));
    expect(hosts).toEqual([]);
  });
});
