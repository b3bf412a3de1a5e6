// Generates the Prisma client of persistence-postgresql when its schema changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schema = join(root, 'prisma-postgresql/schema.prisma');
const output = join(root, 'packages/outbound/persistence-postgresql/src/generated');
const stamp = join(output, '.schema-sha256');

if (!existsSync(schema)) process.exit(0);

const require = createRequire(import.meta.url);
const prismaPackage = require.resolve('prisma/package.json');
const { version, bin } = JSON.parse(readFileSync(prismaPackage, 'utf8'));
const wanted = [readFileSync(schema), readFileSync(fileURLToPath(import.meta.url))]
  .reduce((hash, part) => hash.update(part), createHash('sha256').update(version))
  .digest('hex');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) process.exit(0);

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const result = spawnSync(
  process.execPath,
  [join(dirname(prismaPackage), bin.prisma ?? bin), 'generate', '--schema', schema, '--no-hints'],
  {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      // `generate` never runs the schema engine but downloads it when no path is given.
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      // The schema names the variable; generating a client does not connect.
      DATABASE_URL: process.env.DATABASE_URL ?? 'postgresql://localhost/unused',
    },
  },
);
if (result.status !== 0) {
  process.stderr.write(`prisma generate failed for ${schema}\n${result.stdout}${result.stderr}`);
  rmSync(output, { recursive: true, force: true });
  process.exit(result.status ?? 1);
}

// The client imports its query compiler by name from CommonJS files, which have no names once a bundler has wrapped them;
// the same files lie beside them as ES modules.
const client = join(output, 'internal/class.ts');
const generated = readFileSync(client, 'utf8');
const bundled = generated.replace(/(runtime\/query_compiler_[\w.-]+)\.js"/g, '$1.mjs"');
if (bundled === generated) {
  process.stderr.write(`${client} imports no query compiler as before: see what changed\n`);
  rmSync(output, { recursive: true, force: true });
  process.exit(1);
}
writeFileSync(client, bundled);
writeFileSync(stamp, wanted);
