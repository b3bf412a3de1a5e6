import type { InstallationId } from '../installation/installation.js';
import type { Brand } from '../platform/brand.js';
import type { JsonObject } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';

export type FileId = Brand<string, 'FileId'>;

/** `pending`: announced, its bytes are on the way. `deleted`: its bytes are gone, the row tells so. */
export type FileStatus = 'pending' | 'stored' | 'deleted' | 'failed';

/** A file whose bytes are kept elsewhere: an object store, a disk. The row tells where, and what is known of it. */
export interface TrackedFile {
  readonly id: FileId;
  readonly tenantId: TenantId;
  /** Null for what no installation made. Deleted along with the installation. */
  readonly installationId: InstallationId | null;
  readonly name: string;
  readonly contentType: string;
  /** 0 to 2⁶³ − 1; 0 until it is known. */
  readonly sizeBytes: bigint;
  /** SHA-256 in lower-case hexadecimal digits; null until it is known. */
  readonly checksum: string | null;
  /** Where the bytes are, for example `s3://bucket/key`. Never a signed address: that would be a secret. */
  readonly location: string;
  readonly status: FileStatus;
  readonly metadata: JsonObject;
  /** When the sweep may delete it; null: kept until it is deleted. */
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
