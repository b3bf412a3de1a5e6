import type { ConnectionId } from '../connection/connection.js';
import type { InstallationId } from '../installation/installation.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type {
  Association,
  AssociationId,
  AssociationObject,
  AssociationObjectId,
  AssociationRole,
} from './association.js';

/** Associations. They go with their installation. */
export interface AssociationRepository {
  /** @throws UniqueConflictError naming `name` when the installation has an association of this name. */
  insert(association: Association): Promise<void>;
  find(tenantId: TenantId, id: AssociationId): Promise<Association | null>;
  findByName(
    tenantId: TenantId,
    installationId: InstallationId,
    name: string,
  ): Promise<Association | null>;
  list(
    tenantId: TenantId,
    filter: { readonly installationId?: InstallationId },
    page: PageQuery,
  ): Promise<Page<Association>>;
  /** Deletes the association, and its objects with it. False when there was none. */
  delete(tenantId: TenantId, id: AssociationId): Promise<boolean>;
}

/** Names an object within an association. */
export type AssociationObjectKey = Pick<
  AssociationObject,
  'connectionId' | 'objectType' | 'externalId'
>;

/** What writers say of an object. `id` is kept only where the object is new. */
export type NewAssociationObject = AssociationObjectKey &
  Pick<AssociationObject, 'role' | 'metadata'> & { readonly id: AssociationObjectId };

export interface AssociationObjectFilter {
  readonly installationId?: InstallationId;
  readonly associationId?: AssociationId;
  readonly connectionId?: ConnectionId;
  readonly objectType?: string;
  readonly externalId?: string;
  readonly role?: AssociationRole;
}

/** Objects of associations. Bulk methods take thousands of rows in one statement. */
export interface AssociationObjectRepository {
  /**
   * Inserts or replaces role and metadata; the last of several rows with one key wins. Answers how many distinct objects
   * were written. The database refuses a second object in a role that has one seat, whoever else writes at the same time;
   * none of the rows are written then. To hand a seat on, delete its holder first, in one transaction.
   * @throws UniqueConflictError naming `seat`.
   */
  upsertMany(
    association: Pick<Association, 'id' | 'tenantId' | 'installationId' | 'type'>,
    rows: readonly NewAssociationObject[],
    at: Date,
  ): Promise<number>;
  /** Newest first. By association, or by object: the associations that an object is in. */
  list(
    tenantId: TenantId,
    filter: AssociationObjectFilter,
    page: PageQuery,
  ): Promise<Page<AssociationObject>>;
  /** Answers how many were deleted. */
  deleteMany(
    association: Pick<Association, 'id' | 'tenantId'>,
    keys: readonly AssociationObjectKey[],
  ): Promise<number>;
}
