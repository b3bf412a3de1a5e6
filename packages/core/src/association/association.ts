import type { ConnectionId } from '../connection/connection.js';
import type { InstallationId } from '../installation/installation.js';
import type { Brand } from '../platform/brand.js';
import type { JsonObject } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';

export type AssociationId = Brand<string, 'AssociationId'>;
export type AssociationObjectId = Brand<string, 'AssociationObjectId'>;

/** How many objects either role of an association may hold, primary first. */
export type AssociationType = 'one_to_one' | 'one_to_many' | 'many_to_one';

/** Which part an object takes in an association. */
export type AssociationRole = 'primary' | 'related';

/** Ties objects of connected accounts to each other, for example a company to its contacts. */
export interface Association {
  readonly id: AssociationId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** Unique in the installation; at most 200 characters. */
  readonly name: string;
  /** Never changes: what is bound already was bound under it. */
  readonly type: AssociationType;
  /** Type of the objects in the role `primary`, for example `company`. */
  readonly primaryObject: string;
  readonly createdAt: Date;
}

/** One object of a connected account. Key: association, connection, object type, external id. */
export interface AssociationObject {
  readonly id: AssociationObjectId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly associationId: AssociationId;
  readonly connectionId: ConnectionId;
  /** At most 100 characters. */
  readonly objectType: string;
  /** At most 500 characters. */
  readonly externalId: string;
  readonly role: AssociationRole;
  /** The role, where the association has one seat for it, else null; unique in the association. See {@link seatOf}. */
  readonly seat: AssociationRole | null;
  readonly metadata: JsonObject;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The seat that an object in this role takes: null where the association has any number of them. */
export function seatOf(type: AssociationType, role: AssociationRole): AssociationRole | null {
  const many = { one_to_one: null, one_to_many: 'related', many_to_one: 'primary' }[type];
  return role === many ? null : role;
}
