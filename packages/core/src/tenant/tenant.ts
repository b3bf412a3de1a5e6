import type { Brand } from '../platform/brand.js';

export type TenantId = Brand<string, 'TenantId'>;

/** The organisation that owns data. Every other row belongs to exactly one tenant. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  /** A suspended tenant's tokens are refused and its jobs are parked. */
  readonly status: 'active' | 'suspended';
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
