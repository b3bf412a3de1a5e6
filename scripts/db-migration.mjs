// Authors a migration from prisma-postgresql/schema.prisma: node scripts/db-migration.mjs <name>
// With --check, fails (exit code 2) when schema and migrations differ. Both work offline: Prisma's schema engine runs as
// WebAssembly, over the embedded PostgreSQL as shadow database.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

import { diff } from './schema-engine.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The embedded server of the package, from its source: authoring needs no build. */
async function startServer() {
  const outfile = join(root, 'node_modules/.cache/tenon/embedded-postgres.mjs');
  await build({
    entryPoints: [join(root, 'packages/outbound/persistence-postgresql/src/embedded.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    external: ['pg', 'embedded-postgres'],
    outfile,
    logLevel: 'error',
  });
  const { startEmbeddedPostgres } = await import(pathToFileURL(outfile).href);
  return startEmbeddedPostgres();
}

function write(migrations, name, script) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(migrations, `${stamp}_${name.replace(/\W+/g, '_')}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), script);
  process.stdout.write(
    `Wrote ${relative(root, folder)}/migration.sql: read it before you keep it.\n`,
  );
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    schema: { type: 'string', default: join(root, 'prisma-postgresql/schema.prisma') },
    migrations: { type: 'string', default: join(root, 'prisma-postgresql/migrations') },
  },
});
if (!values.check && positionals.length !== 1) {
  process.stderr.write('Name the migration: npm run db:migration -- add_something\n');
  process.exit(1);
}

const server = await startServer();
try {
  const script = await diff({
    schema: { path: values.schema, content: readFileSync(values.schema, 'utf8') },
    migrations: values.migrations,
    server,
  });
  if (script === null) process.stdout.write('The migrations make what the schema says.\n');
  else if (values.check) {
    process.stderr.write(
      `The schema has changes without a migration (npm run db:migration -- <name>):\n${script}`,
    );
    process.exitCode = 2;
  } else write(values.migrations, positionals[0], script);
} finally {
  await server.stop();
}
