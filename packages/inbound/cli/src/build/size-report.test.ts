import { describe, expect, it } from '@jest/globals';

import { entrySizes, parseSize, sizeText } from './size-report.js';

type Outputs = Parameters<typeof entrySizes>[0]['outputs'];

function output(bytes: number, inputs: Record<string, number>, imports: [string, string][] = []) {
  return {
    bytes,
    exports: [],
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, bytesInOutput]) => [name, { bytesInOutput }]),
    ),
    imports: imports.map(([path, kind]) => ({ path, kind })),
  } as Outputs[string];
}

describe('the sizes of functions', () => {
  it('count what starts with them, what they load later, and shared parts once each', () => {
    const outputs: Outputs = {
      'out/api.mjs': output(10, { 'src/api.ts': 9 }, [
        ['out/shared.mjs', 'import-statement'],
        ['out/late.mjs', 'dynamic-import'],
        ['node:fs', 'import-statement'],
      ]),
      'out/worker.mjs': output(5, { 'src/worker.ts': 4 }, [['out/shared.mjs', 'import-statement']]),
      'out/shared.mjs': output(100, {
        'node_modules/zod/a.js': 60,
        'node_modules/x/node_modules/@y/z/b.js': 30,
      }),
      'out/late.mjs': output(1_000, { 'node_modules/zod/c.js': 900 }, [
        ['out/shared.mjs', 'import-statement'],
        ['out/late.mjs', 'dynamic-import'],
      ]),
    };
    const zipped = new Map([
      ['out/api.mjs', 1],
      ['out/worker.mjs', 2],
      ['out/shared.mjs', 30],
      ['out/late.mjs', 400],
    ]);
    expect(entrySizes({ outputs, zipped }, ['worker', 'api'])).toEqual([
      {
        name: 'api',
        startBytes: 110,
        bytes: 1_110,
        zippedBytes: 431,
        largest: [
          { name: 'zod', bytes: 960 },
          { name: '@y/z', bytes: 30 },
          { name: 'this project', bytes: 9 },
        ],
      },
      {
        name: 'worker',
        startBytes: 105,
        bytes: 105,
        zippedBytes: 32,
        largest: [
          { name: 'zod', bytes: 60 },
          { name: '@y/z', bytes: 30 },
          { name: 'this project', bytes: 4 },
        ],
      },
    ]);
  });

  it.each([
    ['900', 900],
    ['900kb', 900_000],
    ['2.5MB', 2_500_000],
    ['5 mb', undefined],
    ['-1', undefined],
    ['1gb', undefined],
    ['', undefined],
  ])('%j is %j bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it('are written for people', () => {
    expect([sizeText(1_499), sizeText(2_345_678)]).toEqual(['1 kB', '2.35 MB']);
  });
});
