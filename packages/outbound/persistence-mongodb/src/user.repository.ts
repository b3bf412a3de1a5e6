import {
  toPage,
  type Page,
  type PageQuery,
  type TenantId,
  type User,
  type UserFilter,
  type UserId,
  type UserRepository,
} from '@tenon/core';
import { compareAndSet } from './compare-and-set.js';
import { deleteWithOwned } from './cascades.js';
import type { Filter } from './filter.js';
import { holdRows } from './hold-rows.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

export class MongodbUserRepository implements UserRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'users');
  }

  async insert(user: User): Promise<void> {
    await this.#rows.of(user.tenantId).insert(user);
  }

  async #findOne(tenantId: TenantId, filter: Filter): Promise<User | null> {
    return (await this.#rows.of(tenantId).findOne(filter)) as User | null;
  }

  async find(tenantId: TenantId, id: UserId): Promise<User | null> {
    return areIds(tenantId, id) ? this.#findOne(tenantId, { id }) : null;
  }

  async findByUsername(tenantId: TenantId, username: string): Promise<User | null> {
    return areIds(tenantId) ? this.#findOne(tenantId, { username }) : null;
  }

  async findByAppUserId(appUserId: string): Promise<User | null> {
    return (await this.#rows.acrossTenants().findOne({ appUserId })) as User | null;
  }

  async update(user: User): Promise<User> {
    const version = await compareAndSet(this.#rows, 'user', { row: user, fields: user });
    return { ...user, version };
  }

  async list(tenantId: TenantId, filter: UserFilter, page: PageQuery): Promise<Page<User>> {
    if (!areIds(tenantId)) return toPage<User>([], page.limit);
    const { filter: where, ...order } = pageOf({ kind: filter.kind }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows as unknown as User[], page.limit);
  }

  async hold(tenantId: TenantId, id: UserId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return (await holdRows(this.#rows.of(tenantId), [id])).length > 0;
  }

  async delete(tenantId: TenantId, id: UserId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return this.#session.together((session) => deleteWithOwned(session, 'users', { tenantId, id }));
  }
}
