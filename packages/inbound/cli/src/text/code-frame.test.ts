import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeFrame } from './code-frame.js';

describe('codeFrame', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-frame-'));
    file = join(folder, 'app.ts');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('shows the line between its neighbours and marks the column', () => {
    writeFileSync(file, "const a = 1;\n\tthrow new Error('x');\nconst b = 2;\nconst c = 3;\n");
    expect(codeFrame({ file, line: 2, column: 8 })).toBe(
      [
        '    1 | const a = 1;',
        "    2 |  throw new Error('x');",
        '      |        ^',
        '    3 | const b = 2;',
      ].join('\n'),
    );
  });

  it('is empty for what is not there', () => {
    writeFileSync(file, 'one\n');
    expect(codeFrame({ file: join(folder, 'none.ts'), line: 1, column: 1 })).toBe('');
    expect(codeFrame({ file, line: 9, column: 1 })).toBe('');
    expect(codeFrame({ file, line: 0, column: 1 })).toBe('');
  });

  it('marks a column of any line of any text', () => {
    const text = fc.array(fc.string(), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(400), (lines, at, column) => {
        writeFileSync(file, lines.join('\n'));
        const total = lines.join('\n').split(/\r?\n/).length;
        const line = 1 + (at % total);
        const frame = codeFrame({ file, line, column: column + 1 }).split('\n');
        expect(frame.filter((each) => /^ +\| *\^$/.test(each)).length).toBeGreaterThan(0);
        expect(frame.length).toBeLessThanOrEqual(4);
      }),
      { numRuns: 50 },
    );
  });
});
