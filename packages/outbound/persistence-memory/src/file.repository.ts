import type {
  FileFilter,
  FileId,
  FileRepository,
  Page,
  PageQuery,
  TenantId,
  TrackedFile,
} from '@tenon/core';
import type { Access } from './access.js';
import { byAge, compareAndSet, matches, owned, pageOf, where } from './rows.js';

export class MemoryFileRepository implements FileRepository {
  constructor(private readonly access: Access) {}

  insert(file: TrackedFile): Promise<void> {
    return this.access.run(({ files }) => {
      files.insert(file);
    });
  }

  find(tenantId: TenantId, id: FileId): Promise<TrackedFile | null> {
    return this.access.run(({ files }) => owned(files, tenantId, id) ?? null);
  }

  findByChecksum(tenantId: TenantId, checksum: string): Promise<TrackedFile | null> {
    return this.access.run(({ files }) => {
      const same = where(
        files.group('tenant', tenantId),
        (file) => file.checksum === checksum && file.status === 'stored',
      );
      return [...same].sort(byAge).at(-1) ?? null;
    });
  }

  list(tenantId: TenantId, filter: FileFilter, page: PageQuery): Promise<Page<TrackedFile>> {
    return this.access.run(({ files }) => {
      const found = where(
        files.group('tenant', tenantId),
        (file) =>
          matches(filter.installationId, file.installationId) &&
          matches(filter.status, file.status) &&
          matches(filter.contentType, file.contentType),
      );
      return pageOf(found, page);
    });
  }

  update(file: TrackedFile): Promise<TrackedFile> {
    return this.access.run(({ files }) => {
      const createdAt = files.get(file.id)?.createdAt ?? file.createdAt;
      return compareAndSet(files, 'file', { ...file, createdAt });
    });
  }

  delete(tenantId: TenantId, id: FileId): Promise<boolean> {
    return this.access.run(({ files }) => (owned(files, tenantId, id) ? files.remove(id) : false));
  }

  deleteExpired(
    before: { readonly expiredBefore: Date; readonly pendingBefore: Date },
    limit: number,
  ): Promise<readonly TrackedFile[]> {
    const { expiredBefore, pendingBefore } = before;
    return this.access.run(({ files }) => {
      const old = where(
        files.all(),
        ({ expiresAt, status, createdAt }) =>
          (expiresAt !== null && expiresAt < expiredBefore) ||
          (status === 'pending' && createdAt < pendingBefore),
      );
      const gone = [...old].slice(0, limit);
      for (const { id } of gone) files.remove(id);
      return gone;
    });
  }
}
