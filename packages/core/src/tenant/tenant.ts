import type { Brand } from '../platform/brand.js';

export type TenantId = Brand<string, 'TenantId'>;

/** The organisation that owns data. Every other row belongs to exactly one tenant. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  /**
   * A suspended tenant's tokens are refused and its jobs are parked. One that is `deleting` is shut for good: what it owns
   * is being deleted, itself last.
   */
  readonly status: 'active' | 'suspended' | 'deleting';
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
