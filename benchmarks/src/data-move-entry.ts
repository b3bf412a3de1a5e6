import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { defineApp } from '@tenon/app';
import { secret } from '@tenon/core';
import type { OpenApp, TenantId } from '@tenon/core';
import type { MoveOrder, MoveReport } from './data-move.js';
import { rawExport, rawImport } from './data-move-raw.js';

const KEY = secret('the-archive-key-of-a-benchmark');
const PIECE_BYTES = 65_536;

async function exportRows({ commands, context }: OpenApp, order: MoveOrder): Promise<number> {
  const out = await open(order.file, 'w');
  const tenantId = order.tenantId as TenantId;
  let rows = 0;
  for await (const { text, totalRows } of commands.data.export(context, { tenantId, key: KEY })) {
    await out.write(text);
    rows = totalRows;
  }
  await out.close();
  return rows;
}

async function importRows({ commands, context }: OpenApp, order: MoveOrder): Promise<number> {
  const text = createReadStream(order.file, { encoding: 'utf8', highWaterMark: PIECE_BYTES });
  let rows = 0;
  for await (const step of commands.data.import(context, { text, key: KEY })) rows = step.rows;
  return rows;
}

/** Moves rows with an app, as the command line does; answers how many. */
async function withApp(order: MoveOrder): Promise<number> {
  const app = await defineApp(() => ({})).open({
    DATABASE_URL: order.databaseUrl,
    TENON_ENCRYPTION_KEYS: `k1:${order.key}`,
    TENON_QUEUE_URLS: 'default=http://127.0.0.1:9/0/unused',
    TENON_LOG_LEVEL: 'silent',
  });
  try {
    return await (order.kind === 'export' ? exportRows(app, order) : importRows(app, order));
  } finally {
    await app.close();
  }
}

const order = JSON.parse(process.argv[2] ?? '{}') as MoveOrder;
const startedAt = performance.now();
const cpu = process.cpuUsage();
const raw = order.kind === 'export' ? rawExport : rawImport;
const rows = await (order.raw ? raw(order) : withApp(order));
const { user, system } = process.cpuUsage(cpu);
const report: MoveReport = {
  rows,
  elapsedMs: performance.now() - startedAt,
  cpuMs: (user + system) / 1_000,
  peakBytes: process.resourceUsage().maxRSS * 1_024,
};
process.stdout.write(JSON.stringify(report));
