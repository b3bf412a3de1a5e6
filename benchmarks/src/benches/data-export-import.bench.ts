import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { Bench, Row } from '../bench.js';
import { move } from '../data-move.js';
import type { MoveOrder, MoveReport } from '../data-move.js';
import { startPostgresFixture } from './postgres-fixture.js';
import type { PostgresFixture } from './postgres-fixture.js';

const ROWS = Number(process.env['TENON_BENCH_MOVE_ROWS'] ?? 1_000_000);
const SEED = `INSERT INTO mappings
  (tenant_id, installation_id, kind, source_id, target_id, hash, state, updated_at)
  SELECT $1, $2, 'contact', 'contact-' || n, 'person-' || n, md5(n::text),
    jsonb_build_object('index', n, 'name', 'Record ' || n, 'tags', '["a","b"]'::jsonb), now()
  FROM generate_series($3::int, $4::int) AS n`;
const SLICE = 50_000;

const perSecond = ({ rows, elapsedMs }: MoveReport): number => (rows / elapsedMs) * 1_000;
const cpuMicros = ({ rows, cpuMs }: MoveReport): number => (cpuMs / rows) * 1_000;
const megabytes = ({ peakBytes }: MoveReport): number => peakBytes / 1_048_576;

/** A migrated database on the same server that imports go into. */
async function emptyDatabase(
  { pool, databaseUrl }: PostgresFixture,
  name: string,
): Promise<string> {
  await pool.query(`DROP DATABASE IF EXISTS ${name}`);
  await pool.query(`CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
  const made = createPostgresqlPersistence({ connectionString: url.href, encryptor });
  await made.migrate();
  await made.close();
  return url.href;
}

function figures(kind: MoveOrder['kind'], ours: MoveReport, raw: MoveReport): readonly Row[] {
  const peer = kind === 'export' ? 'cursor + row_to_json' : 'JSON + COPY';
  const row = (figure: string, unit: string, of: (report: MoveReport) => number): Row => ({
    figure: `${kind}: ${figure}`,
    unit,
    ours: of(ours),
    peer: { name: peer, value: of(raw) },
  });
  return [
    {
      ...row(`rows/s at ${ours.rows.toLocaleString('en-US')}`, '/s', perSecond),
      bar: { of: 'ours', min: 50_000 },
    },
    row('processor time per row, without the server', 'µs', cpuMicros),
    { ...row('peak memory', 'MB', megabytes), bar: { of: 'ours', max: 200 } },
  ];
}

async function measure(fixture: PostgresFixture, folder: string): Promise<readonly Row[]> {
  const { pool, tenantId, installationId, databaseUrl } = fixture;
  for (let first = 1; first <= ROWS; first += SLICE) {
    const last = Math.min(ROWS, first + SLICE - 1);
    await pool.query(SEED, [tenantId, installationId, first, last]);
  }
  await pool.query('ANALYZE mappings');
  const [target, rawTarget] = [
    await emptyDatabase(fixture, 'move_ours'),
    await emptyDatabase(fixture, 'move_raw'),
  ];
  const common = { key: fixture.key, tenantId };
  const [file, rawFile] = [join(folder, 'ours.ndjson'), join(folder, 'raw.ndjson')];
  const ours = { ...common, raw: false, file };
  const raw = { ...common, raw: true, file: rawFile };
  const exported = [
    await move({ ...ours, kind: 'export', databaseUrl }),
    await move({ ...raw, kind: 'export', databaseUrl }),
  ] as const;
  const imported = [
    await move({ ...ours, kind: 'import', databaseUrl: target }),
    await move({ ...raw, kind: 'import', databaseUrl: rawTarget }),
  ] as const;
  return [...figures('export', ...exported), ...figures('import', ...imported)];
}

export const bench: Bench = {
  name: 'data-export-import',
  title: 'a tenant into an archive and out of it, against hand-written SQL on the same server',
  bar: '≥ 50,000 rows/s each way, < 200 MB',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-move-'));
    const fixture = await startPostgresFixture();
    try {
      return await measure(fixture, folder);
    } finally {
      await fixture.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
