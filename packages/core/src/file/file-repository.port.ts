import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { FileId, FileStatus, TrackedFile } from './tracked-file.js';

/** Restricts a list. `installationId: null` asks for files of no installation, undefined for all. */
export interface FileFilter {
  readonly installationId?: TrackedFile['installationId'] | undefined;
  readonly status?: FileStatus | undefined;
  readonly contentType?: string | undefined;
}

/** Tracked files. */
export interface FileRepository {
  /** @throws UniqueConflictError for a known id. */
  insert(file: TrackedFile): Promise<void>;
  find(tenantId: TenantId, id: FileId): Promise<TrackedFile | null>;
  /** The newest file with this checksum whose status is `stored`: what need not be stored again. */
  findByChecksum(tenantId: TenantId, checksum: string): Promise<TrackedFile | null>;
  list(tenantId: TenantId, filter: FileFilter, page: PageQuery): Promise<Page<TrackedFile>>;
  /** Compare and set on `version`, which grows by one. @throws VersionConflictError, also when there is none. */
  update(file: TrackedFile): Promise<TrackedFile>;
  delete(tenantId: TenantId, id: FileId): Promise<boolean>;
  /**
   * Deletes rows of all tenants that expired before a moment, and those that were still `pending` when made before another;
   * at most `limit`, and answers them, so that somebody deletes the bytes.
   */
  deleteExpired(
    before: { readonly expiredBefore: Date; readonly pendingBefore: Date },
    limit: number,
  ): Promise<readonly TrackedFile[]>;
}
