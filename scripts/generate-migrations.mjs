// Puts the migrations into a module of persistence-postgresql, so that they travel inside the package and its bundles.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'prisma-postgresql/migrations');
const output = join(root, 'packages/outbound/persistence-postgresql/src/generated/migrations.ts');

const migrations = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
  .map((name) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }));

const text = `// Generated from prisma-postgresql/migrations by scripts/generate-migrations.mjs.
export const migrations: readonly { readonly name: string; readonly sql: string }[] = ${JSON.stringify(migrations, null, 2)};
`;
if (!existsSync(output) || readFileSync(output, 'utf8') !== text) {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, text);
}
