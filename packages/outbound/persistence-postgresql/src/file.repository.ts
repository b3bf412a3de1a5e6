import {
  toPage,
  VersionConflictError,
  type FileFilter,
  type FileId,
  type FileRepository,
  type Page,
  type PageQuery,
  type TenantId,
  type TrackedFile,
} from '@tenon/core';
import { assignments, columns } from './columns.js';
import { Conditions } from './conditions.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds, toJson } from './values.js';

/** The driver reads numbers of 64 bits as text. */
type Row = Omit<TrackedFile, 'sizeBytes'> & { readonly sizeBytes: string };

const CHANGING = [
  'installationId',
  'name',
  'contentType',
  'sizeBytes',
  'checksum',
  'location',
  'status',
  'metadata',
  'expiresAt',
  'updatedAt',
] as const;

const ROW = columns<Row>('files', ['id', 'tenantId', 'createdAt', 'version', ...CHANGING]);

const INSERT = prepared('files.insert', `INSERT INTO files ${ROW.insert}`);

const FIND = prepared(
  'files.find',
  `SELECT ${ROW.list} FROM files WHERE id = $1 AND tenant_id = $2`,
);

const FIND_BY_CHECKSUM = prepared(
  'files.find_by_checksum',
  `SELECT ${ROW.list} FROM files WHERE tenant_id = $1 AND checksum = $2 AND status = 'stored'
   ORDER BY created_at DESC, id DESC LIMIT 1`,
);

const UPDATE = prepared(
  'files.update',
  `UPDATE files SET version = version + 1, ${assignments(CHANGING, 4)}
   WHERE id = $1 AND tenant_id = $2 AND version = $3`,
);

const DELETE = prepared('files.delete', 'DELETE FROM files WHERE id = $1 AND tenant_id = $2');

const DELETE_EXPIRED = prepared(
  'files.delete_expired',
  `DELETE FROM files WHERE id = ANY (ARRAY(
     SELECT id FROM files WHERE expires_at < $1 OR (status = 'pending' AND created_at < $2)
     LIMIT $3 FOR UPDATE SKIP LOCKED)) RETURNING ${ROW.list}`,
);

const toFile = (row: Row): TrackedFile => ({ ...row, sizeBytes: BigInt(row.sizeBytes) });

const toRow = (file: TrackedFile): Row =>
  ({
    ...file,
    sizeBytes: file.sizeBytes.toString(),
    metadata: toJson(file.metadata),
  }) as unknown as Row;

export class PostgresqlFileRepository implements FileRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(file: TrackedFile): Promise<void> {
    await this.#session.run(INSERT, ROW.values(toRow(file)));
  }

  async find(tenantId: TenantId, id: FileId): Promise<TrackedFile | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.row<Row>(FIND, [id, tenantId]);
    return row && toFile(row);
  }

  async findByChecksum(tenantId: TenantId, checksum: string): Promise<TrackedFile | null> {
    if (!areIds(tenantId)) return null;
    const row = await this.#session.row<Row>(FIND_BY_CHECKSUM, [tenantId, checksum]);
    return row && toFile(row);
  }

  async list(tenantId: TenantId, filter: FileFilter, page: PageQuery): Promise<Page<TrackedFile>> {
    const { installationId, status, contentType } = filter;
    if (!areIds(tenantId, installationId)) return toPage<TrackedFile>([], page.limit);
    const conditions = new Conditions()
      .equal('tenant_id', tenantId)
      .equal('installation_id', installationId ?? undefined)
      .equal('status', status)
      .equal('content_type', contentType);
    if (installationId === null) conditions.add('installation_id IS NULL');
    const text = `SELECT ${ROW.list} FROM files ${pageClause(conditions, 'files', page)}`;
    const rows = await this.#session.rows<Row>({ text }, conditions.values);
    return toPage(rows.map(toFile), page.limit);
  }

  async update(file: TrackedFile): Promise<TrackedFile> {
    const { id, tenantId, version } = file;
    if (!areIds(tenantId, id)) throw new VersionConflictError('file', id);
    const row = toRow(file);
    const values = [id, tenantId, version, ...CHANGING.map((field) => row[field])];
    if ((await this.#session.run(UPDATE, values)) === 0) throw new VersionConflictError('file', id);
    return { ...file, version: version + 1 };
  }

  async delete(tenantId: TenantId, id: FileId): Promise<boolean> {
    return areIds(tenantId, id) && (await this.#session.run(DELETE, [id, tenantId])) > 0;
  }

  async deleteExpired(
    before: { readonly expiredBefore: Date; readonly pendingBefore: Date },
    limit: number,
  ): Promise<readonly TrackedFile[]> {
    const values = [before.expiredBefore, before.pendingBefore, limit];
    return (await this.#session.rows<Row>(DELETE_EXPIRED, values)).map(toFile);
  }
}
