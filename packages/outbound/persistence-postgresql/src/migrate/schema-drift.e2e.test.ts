import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const run = promisify(execFile);
const check = (...args: string[]) =>
  run(process.execPath, ['scripts/db-migration.mjs', '--check', ...args], { cwd: root });

jest.setTimeout(60_000);

describe('db:check', () => {
  it('finds that the migrations make what schema.prisma says', async () => {
    expect((await check()).stdout).toContain('The migrations make what the schema says');
  });

  it('fails for a field without a migration', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-drift-'));
    const schema = join(folder, 'schema.prisma');
    const text = await readFile(join(root, 'prisma-postgresql/schema.prisma'), 'utf8');
    await writeFile(
      schema,
      text.replace('label      String', 'label      String\n  forgotten  Int?'),
    );
    await expect(check('--schema', schema)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ADD COLUMN     "forgotten" INTEGER'),
    });
    await rm(folder, { recursive: true });
  });
});
