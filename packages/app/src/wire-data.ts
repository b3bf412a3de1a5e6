import { ExportTenant, ImportTenant, VerifyArchive } from '@tenon/core';
import type {
  AppContext,
  ArchiveChunk,
  AuditEvent,
  AuditOrigin,
  Commands,
  ImportProgress,
  JsonObject,
  MakeArchiveEncryptor,
  TenantId,
} from '@tenon/core';
import type { Wiring } from './wiring.js';

const KEY_ID = 'archive';

const makeEncryptor: MakeArchiveEncryptor = async (key) => {
  const { createAesEncryptor } = await import('@tenon/encryption-aes');
  return createAesEncryptor({ keys: { [KEY_ID]: key.reveal() }, writingKeyId: KEY_ID });
};

interface Call {
  readonly context: AppContext;
  readonly tenantId: TenantId;
}

function originOf({ context, tenantId }: Call): AuditOrigin {
  return { tenantId, requestId: context.requestId, actor: context.actor, userId: null };
}

function eventOf(action: string, { tenantId }: Call, details: JsonObject): AuditEvent {
  return { action, subject: { type: 'tenant', id: tenantId }, details };
}

/** Entered before the first row leaves, too: whoever stops an export just before its end has read nearly everything. */
async function* exported(
  { adapters, audit }: Wiring,
  call: Call,
  chunks: AsyncIterable<ArchiveChunk>,
): AsyncGenerator<ArchiveChunk> {
  if (await adapters.persistence.tenants.find(call.tenantId)) {
    await audit.record(originOf(call), eventOf('tenant.export_started', call, {}));
  }
  let rows: number | null = null;
  for await (const chunk of chunks) {
    if (chunk.finished) rows = chunk.totalRows;
    yield chunk;
  }
  // Only now: until its end, an export may hold the only connection.
  if (rows !== null) await audit.record(originOf(call), eventOf('tenant.exported', call, { rows }));
}

async function* imported(
  { audit }: Wiring,
  context: AppContext,
  steps: AsyncIterable<ImportProgress>,
): AsyncGenerator<ImportProgress> {
  for await (const step of steps) {
    const call = { context, tenantId: step.tenantId };
    if (step.finished) {
      const { rows } = step;
      await audit.record(originOf(call), eventOf('tenant.imported', call, { rows }));
    }
    yield step;
  }
}

/** Archives of tenants. Their secrets are encrypted with AES, whatever the database's are encrypted with. */
export function wireData(wiring: Wiring): Commands['data'] {
  const { persistence, platform } = wiring.adapters;
  const { tenants, tenantData, archive } = persistence;
  const parts = { ...platform, tenants, tenantData, archive, makeEncryptor };
  const exportTenant = new ExportTenant(parts);
  const importTenant = new ImportTenant(parts);
  const verify = new VerifyArchive(parts);
  return {
    export: (context, input) => {
      const { tenantId } = input;
      return exported(wiring, { context, tenantId }, exportTenant.execute(context, input));
    },
    import: (context, input) => imported(wiring, context, importTenant.execute(context, input)),
    verify: (context, input) => verify.execute(context, input),
  };
}
