import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { undeclaredImports } from './support/emitted-imports.js';
import { root, writeTree } from './support/repository.js';

describe('undeclaredImports', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenon-imports-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('finds what a package imports and does not declare', () => {
    writeTree(dir, {
      'dist/index.js': `import 'node:fs';\nimport './a.js';\nimport { z } from 'zod';\nimport '@tenon/core';\n`,
      'dist/lazy.js': `const sql = "select 1 from 'x'";\nexport const load = () => import('@scope/lazy/deep');\n`,
      'dist/index.d.ts': `import type { Request } from 'express';\nexport type { Pool } from 'pg';\n`,
    });
    const found = undeclaredImports({
      dir: relative(root, dir),
      name: '@tenon/planted',
      manifest: {
        dependencies: { '@tenon/core': '0.1.0', express: '5.3.0', pg: '1', '@types/pg': '1' },
        peerDependencies: { '@scope/other': '1' },
      },
    });
    expect(found.sort()).toEqual([
      'index.d.ts: @types/express',
      'index.js: zod',
      'lazy.js: @scope/lazy',
    ]);
  });
});
