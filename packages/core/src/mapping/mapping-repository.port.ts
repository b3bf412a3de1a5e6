import type { InstallationId } from '../installation/installation.js';
import type { TenantId } from '../tenant/tenant.js';
import type { Mapping } from './mapping.js';

/** Where mappings are: a kind within an installation. */
export interface MappingScope {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly kind: string;
}

/** Mappings. Bulk methods take thousands of rows in one statement. */
export interface MappingRepository {
  /** Inserts or replaces; the last of several rows with one key wins. Answers how many distinct keys were written. */
  upsertMany(
    scope: MappingScope,
    rows: readonly Pick<Mapping, 'sourceId' | 'targetId' | 'hash' | 'state'>[],
    at: Date,
  ): Promise<number>;
  /**
   * Those of `sourceIds` that exist, in any order. One way through the key's index for each id, however many mappings there are; then the
   * row itself is read, because values are too large for an index.
   */
  findMany(scope: MappingScope, sourceIds: readonly string[]): Promise<readonly Mapping[]>;
  findByTarget(scope: MappingScope, targetId: string): Promise<readonly Mapping[]>;
  /** In order of source id (by code point), after a source id. */
  list(
    scope: MappingScope,
    afterSourceId: string | null,
    limit: number,
  ): Promise<readonly Mapping[]>;
  /**
   * Exact, and read from counts that are kept with the rows, in the same statement or transaction (see `rowCounts` of the
   * catalogue): it takes the same time for ten mappings as for ten million.
   */
  count(scope: MappingScope): Promise<number>;
  /** Answers how many were deleted. */
  deleteMany(scope: MappingScope, sourceIds: readonly string[]): Promise<number>;
}
