import {
  toPage,
  type FileFilter,
  type FileId,
  type FileRepository,
  type Page,
  type PageQuery,
  type TenantId,
  type TrackedFile,
} from '@tenon/core';
import { compareAndSet } from './compare-and-set.js';
import { below } from './filter.js';
import { NEWEST_FIRST, pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbFileRepository implements FileRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'files');
  }

  async insert(file: TrackedFile): Promise<void> {
    await this.#rows.of(file.tenantId).insert(file);
  }

  async find(tenantId: TenantId, id: FileId): Promise<TrackedFile | null> {
    if (!areIds(tenantId, id)) return null;
    return (await this.#rows.of(tenantId).findOne({ id })) as TrackedFile | null;
  }

  async findByChecksum(tenantId: TenantId, checksum: string): Promise<TrackedFile | null> {
    if (!areIds(tenantId)) return null;
    const newest = { sort: NEWEST_FIRST, limit: 1 };
    const [row] = await this.#rows.of(tenantId).find({ checksum, status: 'stored' }, newest);
    return (row ?? null) as TrackedFile | null;
  }

  async list(tenantId: TenantId, filter: FileFilter, page: PageQuery): Promise<Page<TrackedFile>> {
    const { installationId, status, contentType } = filter;
    if (!areIds(tenantId, installationId)) return toPage<TrackedFile>([], page.limit);
    const { filter: where, ...order } = pageOf({ installationId, status, contentType }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows as unknown as TrackedFile[], page.limit);
  }

  async update(file: TrackedFile): Promise<TrackedFile> {
    const version = await compareAndSet(this.#rows, 'file', { row: file, fields: file });
    return { ...file, version };
  }

  async delete(tenantId: TenantId, id: FileId): Promise<boolean> {
    return areIds(tenantId, id) && (await this.#rows.of(tenantId).delete({ id })) > 0;
  }

  async deleteExpired(
    before: { readonly expiredBefore: Date; readonly pendingBefore: Date },
    limit: number,
  ): Promise<readonly TrackedFile[]> {
    const over = {
      any: [
        { expiresAt: below(before.expiredBefore) },
        { status: 'pending', createdAt: below(before.pendingBefore) },
      ],
    };
    const rows = this.#rows.acrossTenants();
    const ids = await rows.findIds(over, { limit });
    // Each by itself, at once: only so does the server tell which ones this caller removed and not another one.
    const taken = await Promise.all(ids.map((id) => rows.take({ ...over, id })));
    return taken.filter((row) => row !== null) as unknown as TrackedFile[];
  }
}
