import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { root, writeTree } from './support/repository.js';

type Status = 'passed' | 'failed' | 'pending' | 'todo';

/** A report as Jest writes it, with one test per status. */
function report(...statuses: Status[]): string {
  const count = (status: Status): number => statuses.filter((other) => other === status).length;
  const assertionResults = statuses.map((status) => ({ status, fullName: `a ${status} test` }));
  return JSON.stringify({
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    numRuntimeErrorTestSuites: 0,
    testResults: [{ name: join(root, 'x.test.ts'), status: 'passed', assertionResults }],
  });
}

describe('the summary of the gate', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tenon-summary-'));
    writeTree(dir, { 'node22.json': report('passed'), 'node24.json': report('passed') });
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  function summarize(): { status: number | null; lines: string[] } {
    const args = [join(root, '.ci/summary.mjs'), dir];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    return { status, lines: stdout.trimEnd().split('\n') };
  }

  it('accepts runs in which everything passed', () => {
    writeTree(dir, { 'current.json': report('passed', 'passed') });
    expect(summarize()).toEqual({ status: 0, lines: ['4 passed, 0 failed, 0 skipped'] });
  });

  it.each<[Status, string]>([
    ['failed', '3 passed, 1 failed, 0 skipped'],
    ['pending', '3 passed, 0 failed, 1 skipped'],
    ['todo', '3 passed, 0 failed, 1 skipped'],
  ])('refuses a test that is %s and names it', (status, line) => {
    writeTree(dir, { 'current.json': report('passed', status) });
    const named = `current: ${status}: x.test.ts: a ${status} test`;
    expect(summarize()).toEqual({ status: 1, lines: [named, line] });
  });

  it('refuses a run that left no report', () => {
    expect(summarize()).toEqual({
      status: 1,
      lines: ['current: no report', '2 passed, 0 failed, 0 skipped'],
    });
  });

  it('refuses a run without tests', () => {
    writeTree(dir, { 'current.json': report() });
    expect(summarize()).toMatchObject({ status: 1 });
  });
});
