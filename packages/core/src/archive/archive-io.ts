import type { EntityName } from '../platform/entities.js';
import type { Secret } from '../platform/secret.js';
import type { TenantId } from '../tenant/tenant.js';
import type { ImportCounts, ImportMode } from './import-target.js';

/** A piece of an archive, to be written behind those before it. */
export interface ArchiveChunk {
  readonly text: string;
  /** Length in bytes that an interrupted archive is cut to first; null except in the first piece of a resumed export. */
  readonly cutAt: number | null;
  readonly entity: EntityName | null;
  /** Rows of the entity so far, and how many there are. */
  readonly rows: number;
  readonly expected: number;
  readonly totalRows: number;
  readonly totalExpected: number;
  /** Whether this is the last piece. */
  readonly finished: boolean;
  /** Checksum of the whole archive, with the last piece: what a verification answers. */
  readonly sha256: string | null;
}

/** Input of `ExportTenant`. */
export interface ExportTenantInput {
  readonly tenantId: TenantId;
  /** What secrets are encrypted with in the archive: at least 16 characters, which an import needs again. */
  readonly key: Secret<string>;
  /** What is exported from, for people: `postgresql`. */
  readonly source?: string | null;
  /** What an interrupted export has written, to go on behind it. */
  readonly resume?: AsyncIterable<string>;
}

/** How far an import is. */
export interface ImportProgress extends ImportCounts {
  readonly tenantId: TenantId;
  readonly entity: EntityName | null;
  /** Rows of the archive so far. */
  readonly rows: number;
  readonly finished: boolean;
}

/** Input of `ImportTenant`. */
export interface ImportTenantInput {
  readonly text: AsyncIterable<string>;
  /** The key of the export. */
  readonly key: Secret<string>;
  /**
   * `new`, the default: refuses a tenant that is there. `resume`: goes on with an import that was interrupted. `merge`: adds
   * what is missing to a tenant that is there, whose trail stays as it is.
   */
  readonly mode?: ImportMode;
  /** Rows that are there with other values are left and counted; by default they end the import. */
  readonly skipDifferent?: boolean;
  /** Reads everything back and compares checksums, secrets included, before the tenant may do anything. */
  readonly check?: boolean;
}

/** What a verification found. */
export interface VerifiedArchive {
  readonly tenantId: TenantId;
  readonly createdAt: string;
  readonly source: string | null;
  readonly rows: number;
  /** SHA-256 of the whole archive. */
  readonly sha256: string;
  /** Whether the secrets were decrypted as well. */
  readonly secrets: boolean;
  readonly entities: readonly {
    readonly entity: EntityName;
    readonly rows: number;
    /** Equal for archives with the same rows, whatever their database, key and time; secrets do not count. */
    readonly sha256: string;
  }[];
}
