import type { AppContext } from '../platform/context.js';
import type { Secret } from '../platform/secret.js';
import type { TenantId } from '../tenant/tenant.js';
import type { VerifiedArchive } from './archive-io.js';
import { openArchiveKey } from './archive-key.js';
import type { ArchiveKeyParts } from './archive-key.js';
import { ArchiveVerifier, verifiedParts } from './archive-verifier.js';
import type { ArchivePart } from './archive-verifier.js';
import { BatchReader } from './import-rows.js';

/** Reads an archive from end to end without writing anything. */
export class VerifyArchive {
  constructor(private readonly parts: ArchiveKeyParts) {}

  /** With a key, secrets are decrypted too. @throws what an import throws about archives. */
  async execute(
    context: AppContext,
    input: { readonly text: AsyncIterable<string>; readonly key?: Secret<string> | undefined },
  ): Promise<VerifiedArchive> {
    const { key } = input;
    const verifier = new ArchiveVerifier(this.parts.crypto);
    let batches: BatchReader | null = null;
    const entities: VerifiedArchive['entities'][number][] = [];
    let done: Extract<ArchivePart, { kind: 'done' }> | null = null;
    for await (const part of verifiedParts(input.text, verifier)) {
      context.signal?.throwIfAborted();
      if (part.kind === 'header') {
        const encryptor = key ? await openArchiveKey(this.parts, key, part.header) : null;
        batches = new BatchReader(part.header.tenantId as TenantId, encryptor);
      }
      if (part.kind === 'batch') await batches?.read(part);
      if (part.kind === 'end')
        entities.push({ entity: part.entity, rows: part.rows, sha256: part.sha256 });
      if (part.kind === 'done') done = part;
    }
    const { tenantId = '', createdAt = '', source = null } = verifier.header ?? {};
    return {
      tenantId: tenantId as TenantId,
      createdAt,
      source,
      rows: done?.rows ?? 0,
      sha256: done?.sha256 ?? '',
      secrets: key !== undefined,
      entities,
    };
  }
}
