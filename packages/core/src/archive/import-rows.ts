import type { Crypto } from '../platform/crypto.port.js';
import type { Encryptor } from '../platform/encryptor.port.js';
import type { EntityName } from '../platform/entities.js';
import type { TenantId } from '../tenant/tenant.js';
import { archiveDamaged, archiveUnsupported } from './archive.errors.js';
import { ArchiveDecoder, UnfitRow } from './archive-decode.js';
import { describedEntity } from './archive-entities.js';
import { archiveRowText, secretNames, secretText } from './archive-row.js';
import type { ArchivePart } from './archive-verifier.js';
import { PagedDigest } from './entity-digest.js';
import type { ArchiveRow } from './tenant-archive.port.js';

/** A verified batch of rows. */
export type ArchiveBatch = Extract<ArchivePart, { readonly kind: 'batch' }>;

/** Reads the rows of verified batches. */
export class BatchReader {
  #decoder: { readonly entity: EntityName; readonly decoder: ArchiveDecoder } | null = null;
  /** Where the audit trail of the archive ends: its end is read before its entries. */
  #trailEnd = 0;

  constructor(
    private readonly tenantId: TenantId,
    private readonly encryptor: Encryptor | null,
  ) {}

  /** @throws TenonError `ARCHIVE_UNSUPPORTED` or `ARCHIVE_DAMAGED`, naming entity and line. */
  async read({ entity, rows, line }: ArchiveBatch): Promise<readonly ArchiveRow[]> {
    if (this.#decoder?.entity !== entity) {
      this.#decoder = { entity, decoder: new ArchiveDecoder(entity, this.encryptor) };
    }
    const { decoder } = this.#decoder;
    const tenant = describedEntity(entity).tenant ?? '';
    const read: ArchiveRow[] = [];
    for (const [index, json] of rows.entries()) {
      try {
        const row = decoder.parse(json);
        if (row[tenant] !== this.tenantId) throw new UnfitRow('a row belongs to another tenant');
        read.push(decoder.hasSecrets ? await decoder.open(row) : row);
      } catch (error) {
        if (!(error instanceof UnfitRow)) throw error;
        const place = { entity, line: line + index };
        if (this.encryptor && error.message.startsWith('the secret'))
          throw archiveDamaged(place, error.message);
        throw archiveUnsupported(`${error.message} (line ${place.line}, ${entity})`, place);
      }
    }
    return this.#upToEnd(entity, read);
  }

  /**
   * Entries that were made while the archive was, such as those of the export itself, have no end in it: with them the trail
   * would be broken.
   */
  #upToEnd(entity: EntityName, rows: readonly ArchiveRow[]): readonly ArchiveRow[] {
    if (entity === 'auditHeads') this.#trailEnd = Number(rows[0]?.['sequence'] ?? 0);
    if (entity !== 'audit') return rows;
    return rows.filter(({ sequence }) => Number(sequence) <= this.#trailEnd);
  }
}

/** Digests rows with their secrets, under a key of its own: two of them tell whether the same rows went by. */
export class RowsDigest {
  readonly #digests = new Map<EntityName, PagedDigest>();

  constructor(
    private readonly crypto: Crypto,
    private readonly key: string,
  ) {}

  add(entity: EntityName, rows: readonly ArchiveRow[]): void {
    const digest = this.#digests.get(entity) ?? new PagedDigest(this.crypto);
    this.#digests.set(entity, digest);
    const secrets = secretNames(entity);
    for (const row of rows) {
      const shown = secrets.map((name) => [name, this.#hidden(secretText(row[name] ?? null))]);
      digest.add(archiveRowText(entity, row, Object.fromEntries(shown) as Record<string, string>));
    }
  }

  /** Count and hash of an entity's rows, as one text. */
  finish(entity: EntityName): string {
    return this.#digests.get(entity)?.finish() ?? 'no rows';
  }

  #hidden(text: string): string {
    const { key } = this;
    return this.crypto.hmac({ algorithm: 'sha256', key, parts: [text], output: 'base64url' });
  }
}
