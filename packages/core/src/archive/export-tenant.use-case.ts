import type { Clock } from '../platform/clock.port.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import type { Encryptor } from '../platform/encryptor.port.js';
import type { EntityName } from '../platform/entities.js';
import type { JsonValue } from '../platform/json.js';
import { hasCode } from '../platform/tenon.error.js';
import type { TenantRepository } from '../tenant/tenant-repository.port.js';
import { tenantDeleting } from '../tenant/tenant.errors.js';
import type { TenantId } from '../tenant/tenant.js';
import { archiveSourceChanged } from './archive.errors.js';
import type { ArchiveChunk, ExportTenantInput } from './archive-io.js';
import { ArchiveComposer } from './archive-composer.js';
import { sealSecrets } from './archive-decode.js';
import { archivedEntities, archiveKeyOf, describedEntity } from './archive-entities.js';
import { ARCHIVE_VERSION, describedCatalogue } from './archive-format.js';
import type { ArchiveHeader } from './archive-format.js';
import { newArchiveKey, openArchiveKey } from './archive-key.js';
import type { ArchiveKeyParts } from './archive-key.js';
import { archiveRowText, secretNames } from './archive-row.js';
import { ArchiveVerifier, verifiedParts } from './archive-verifier.js';
import type {
  ArchiveKey,
  ArchiveReader,
  ArchiveRow,
  TenantArchive,
} from './tenant-archive.port.js';

const PAGE_ROWS = 1_000;

interface Parts extends ArchiveKeyParts {
  readonly clock: Clock;
  readonly tenants: TenantRepository;
  readonly archive: TenantArchive;
}

type Counts = ReadonlyMap<EntityName, number>;

interface Start {
  readonly composer: ArchiveComposer;
  readonly encryptor: Encryptor;
  readonly text: string;
  readonly cutAt: number | null;
  /** How many entities are complete. */
  readonly entities: number;
  readonly after: ArchiveKey | null;
  /** Checksum of an archive that is complete already. */
  readonly sha256: string | null;
}

/** Exports everything of a tenant, its secrets under a key of the archive, as newline-delimited JSON. */
export class ExportTenant {
  constructor(private readonly parts: Parts) {}

  /**
   * @throws NotFoundError `TENANT_NOT_FOUND`; TenonError `TENANT_DELETING`; ValidationError; when resuming `ARCHIVE_DAMAGED`, `ARCHIVE_KEY_WRONG`,
   * `ARCHIVE_UNSUPPORTED`, `ARCHIVE_SOURCE_CHANGED`.
   */
  async *execute(context: AppContext, input: ExportTenantInput): AsyncGenerator<ArchiveChunk> {
    const tenant = await this.parts.tenants.find(input.tenantId);
    if (!tenant) throw new NotFoundError('tenant', input.tenantId);
    if (tenant.status === 'deleting') throw tenantDeleting(tenant.id);
    const reader = await this.parts.archive.openReader();
    try {
      const counts = await this.#count(reader, input.tenantId);
      const start = input.resume
        ? await this.#resume(input, input.resume, counts)
        : await this.#begin(input);
      yield* this.#chunks(context, { reader, counts, start, tenantId: input.tenantId });
    } finally {
      await reader.close();
    }
  }

  async #count(reader: ArchiveReader, tenantId: TenantId): Promise<Counts> {
    const counts = new Map<EntityName, number>();
    for (const entity of archivedEntities) counts.set(entity, await reader.count(tenantId, entity));
    return counts;
  }

  async #begin({ tenantId, key, source = null }: ExportTenantInput): Promise<Start> {
    const { crypto, clock } = this.parts;
    const made = await newArchiveKey(this.parts, key, tenantId);
    const header: ArchiveHeader = {
      tenon: 'archive',
      version: ARCHIVE_VERSION,
      tenantId,
      createdAt: clock.now().toISOString(),
      source,
      ...describedCatalogue(crypto),
      key: made.key,
    };
    const composer = new ArchiveComposer(crypto);
    const text = composer.header(`${JSON.stringify(header)}\n`);
    const { encryptor } = made;
    return { composer, encryptor, text, cutAt: null, entities: 0, after: null, sha256: null };
  }

  async #resume(
    input: ExportTenantInput,
    text: AsyncIterable<string>,
    counts: Counts,
  ): Promise<Start> {
    const { crypto } = this.parts;
    const verifier = new ArchiveVerifier(crypto, true);
    let sha256: string | null = null;
    try {
      for await (const part of verifiedParts(text, verifier)) {
        if (part.kind === 'header') this.#assertSame(part.header, input);
        if (part.kind === 'end') assertCount(part.entity, part.rows, counts);
        if (part.kind === 'done') sha256 = part.sha256;
      }
    } catch (error) {
      if (!hasCode(error, 'ARCHIVE_TRUNCATED')) throw error;
    }
    const { header, position, digest } = verifier;
    // Not even the first line was written.
    if (!header || !position) return { ...(await this.#begin(input)), cutAt: 0 };
    const encryptor = await openArchiveKey(this.parts, input.key, header);
    const entity = archivedEntities[position.entities];
    const row = position.lastRow === null ? null : (JSON.parse(position.lastRow) as JsonValue);
    return {
      composer: ArchiveComposer.after(crypto, position, digest),
      encryptor,
      text: '',
      cutAt: sha256 === null ? position.bytes : null,
      entities: position.entities,
      after: row === null || !entity ? null : archiveKeyOf(entity, row as ArchiveRow),
      sha256,
    };
  }

  #assertSame(header: ArchiveHeader, { tenantId }: ExportTenantInput): void {
    if (header.tenantId !== tenantId) {
      throw archiveSourceChanged(`the file holds the tenant '${header.tenantId}'`);
    }
    if (header.fingerprint !== describedCatalogue(this.parts.crypto).fingerprint) {
      throw archiveSourceChanged('the file was begun by another version of the app');
    }
  }

  async *#chunks(
    context: AppContext,
    work: {
      readonly reader: ArchiveReader;
      readonly counts: Counts;
      readonly start: Start;
      readonly tenantId: TenantId;
    },
  ): AsyncGenerator<ArchiveChunk> {
    const { reader, counts, start, tenantId } = work;
    const { composer } = start;
    const totalExpected = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const chunk = (text: string, entity: EntityName | null): ArchiveChunk => ({
      text,
      cutAt: null,
      entity,
      rows: composer.rows,
      expected: entity === null ? 0 : (counts.get(entity) ?? 0),
      totalRows: composer.totalRows,
      totalExpected,
      finished: false,
      sha256: null,
    });
    const { cutAt, sha256 } = start;
    yield { ...chunk(start.text, null), cutAt, finished: sha256 !== null, sha256 };
    if (sha256 !== null) return;
    for (const [index, entity] of archivedEntities.slice(start.entities).entries()) {
      const after = index === 0 ? start.after : null;
      const pages = pagesOf({ reader, tenantId, entity, encryptor: start.encryptor }, after);
      for await (const page of pages) {
        context.signal?.throwIfAborted();
        for (const shown of page) {
          const batch =
            typeof shown === 'string'
              ? composer.row(entity, shown)
              : composer.row(entity, shown.text, shown.content);
          if (batch !== null) yield chunk(batch, entity);
        }
      }
      yield chunk(composer.end(entity), entity);
    }
    const done = composer.done();
    yield { ...chunk(done.text, null), finished: true, sha256: done.sha256 };
  }
}

function assertCount(entity: EntityName, rows: number, counts: Counts): void {
  const now = counts.get(entity) ?? 0;
  // Its own resuming is entered in the audit trail.
  if (now === rows || (now > rows && describedEntity(entity).appendOnly)) return;
  const what = `${entity} had ${rows} rows and has ${now} now`;
  throw archiveSourceChanged(what, { entity, rows, now });
}

interface Source {
  readonly reader: ArchiveReader;
  readonly tenantId: TenantId;
  readonly entity: EntityName;
  readonly encryptor: Encryptor;
}

/** Text of a row and, of one with secrets, its content without them. */
type ShownRow = string | { readonly text: string; readonly content: string };

async function* pagesOf(
  { reader, tenantId, entity, encryptor }: Source,
  after: ArchiveKey | null,
): AsyncGenerator<readonly ShownRow[]> {
  const options = { after, pageSize: PAGE_ROWS };
  const isPlain = secretNames(entity).length === 0;
  if (isPlain && reader.readTexts) {
    yield* reader.readTexts(tenantId, entity, options);
    return;
  }
  for await (const rows of reader.read(tenantId, entity, options)) {
    const shown = rows.map(async (row): Promise<ShownRow> => {
      const content = archiveRowText(entity, row);
      if (isPlain) return content;
      const text = archiveRowText(entity, row, await sealSecrets(entity, row, encryptor));
      return { text, content };
    });
    yield await Promise.all(shown);
  }
}
