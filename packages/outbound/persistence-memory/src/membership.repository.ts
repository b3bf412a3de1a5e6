import type {
  Membership,
  MembershipFilter,
  MembershipRepository,
  Page,
  PageQuery,
  TenantId,
  UserId,
} from '@tenon/core';
import type { Access } from './access.js';
import type { Database } from './database.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';

export class MemoryMembershipRepository implements MembershipRepository {
  constructor(private readonly access: Access) {}

  insert(membership: Membership): Promise<void> {
    return this.access.run(({ memberships }) => {
      memberships.insert(membership);
    });
  }

  find(tenantId: TenantId, organizationId: UserId, userId: UserId): Promise<Membership | null> {
    return this.access.run((database) => ofPair(database, tenantId, { organizationId, userId }));
  }

  update(membership: Membership): Promise<Membership> {
    return this.access.run(({ memberships }) => {
      const { tenantId, id, role, updatedAt, version } = membership;
      const current = owned(memberships, tenantId, id) ?? membership;
      return compareAndSet(memberships, 'membership', { ...current, role, updatedAt, version });
    });
  }

  list(tenantId: TenantId, filter: MembershipFilter, page: PageQuery): Promise<Page<Membership>> {
    return this.access.run(({ memberships }) =>
      pageOf(
        where(
          memberships.group('tenant', tenantId),
          (row) =>
            matches(filter.organizationId, row.organizationId) &&
            matches(filter.userId, row.userId) &&
            matches(filter.role, row.role),
        ),
        page,
      ),
    );
  }

  delete(tenantId: TenantId, organizationId: UserId, userId: UserId): Promise<boolean> {
    return this.access.run((database) => {
      const found = ofPair(database, tenantId, { organizationId, userId });
      return found !== null && database.memberships.remove(found.id);
    });
  }
}

function ofPair(
  { memberships }: Database,
  tenantId: TenantId,
  pair: Pick<Membership, 'organizationId' | 'userId'>,
): Membership | null {
  const found = memberships.by('member', `${pair.organizationId}/${pair.userId}`);
  return found?.tenantId === tenantId ? found : null;
}
