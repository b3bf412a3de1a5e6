// Drives @prisma/schema-engine-wasm without Prisma's CLI, which would download a native engine.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const require = createRequire(import.meta.url);
const CHAR_OID = 18;
const NAME_OID = 19;
const TEXT_OID = 25;

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (text) => process.stderr.write(text) };
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(
    readFileSync(join(folder, 'schema_engine_bg.wasm')),
    { './schema_engine_bg.js': glue },
  );
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

/**
 * The stock adapter, mended: it does not know the catalogue's types "char" and name, and splits scripts at every semicolon,
 * also inside function bodies.
 */
async function openAdapter(pool) {
  const charColumns = new Map();
  const query = pool.query.bind(pool);
  pool.query = async (config, ...rest) => {
    const result = await query(config, ...rest);
    if (typeof config === 'string') return result;
    charColumns.set(
      config.text,
      result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR_OID ? [index] : [])),
    );
    for (const field of result.fields) {
      if ([CHAR_OID, NAME_OID].includes(field.dataTypeID)) field.dataTypeID = TEXT_OID;
    }
    return result;
  };
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (request) => {
    const result = await queryRaw(request);
    for (const index of charColumns.get(request.sql) ?? []) {
      result.columnTypes[index] = ColumnTypeEnum.Character;
    }
    return result;
  };
  adapter.executeScript = async (script) => {
    await query(script);
  };
  return adapter;
}

async function openDatabase(server, pools) {
  const connectionString = await server.createDatabase(`shadow_${pools.length}`);
  const pool = new pg.Pool({ connectionString, options: '-c TimeZone=UTC', max: 1 });
  // The server ends before its last connections do.
  pool.on('error', () => undefined);
  pools.push(pool);
  return openAdapter(pool);
}

function migrationList(baseDir) {
  const lock = join(baseDir, 'migration_lock.toml');
  const names = existsSync(baseDir)
    ? readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  return {
    baseDir: resolve(baseDir),
    lockfile: {
      path: 'migration_lock.toml',
      content: existsSync(lock) ? readFileSync(lock, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: names
      .map(({ name }) => name)
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(baseDir, name, 'migration.sql'), 'utf8') },
        },
      })),
  };
}

/** SQL that leads from the migrations to the schema; null when nothing is missing. */
export async function diff({ schema, migrations, server }) {
  const SchemaEngine = await loadEngine();
  const pools = [];
  const factory = new PrismaPg(server.databaseUrl);
  factory.connect = () => openDatabase(server, pools);
  factory.connectToShadowDb = factory.connect;
  const engine = await SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  try {
    const { stdout, exitCode } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(migrations) },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? null : stdout;
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
}
