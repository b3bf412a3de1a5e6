import type {
  Association,
  Connection,
  Credential,
  DeadLetter,
  Installation,
  Membership,
  Repositories,
  Run,
  Schedule,
  Sync,
  Tenant,
  TenantId,
  Token,
  User,
  UserId,
  WebhookDelivery,
  WebhookEndpoint,
} from '@tenon/core';
import {
  aConnection,
  aCredential,
  aMembership,
  anInstallation,
  aRun,
  aTenant,
  aToken,
  aUser,
} from '../fixtures/entities.js';
import type { Overrides } from '../fixtures/entities.js';
import { aSchedule } from '../fixtures/schedules.js';
import { anAssociation, anAssociationObject, aSync } from '../fixtures/syncs.js';
import { aDeadLetter, aWebhookDelivery, aWebhookEndpoint } from '../fixtures/jobs.js';

/** A tenant of its own with one user, and ways to add what belongs to them. */
export class World {
  private constructor(
    readonly repositories: Repositories,
    readonly tenant: Tenant,
    readonly user: User,
  ) {}

  static async create(repositories: Repositories): Promise<World> {
    const tenant = aTenant();
    const user = aUser({ tenantId: tenant.id });
    await repositories.tenants.insert(tenant);
    await repositories.users.insert(user);
    return new World(repositories, tenant, user);
  }

  get tenantId(): TenantId {
    return this.tenant.id;
  }

  /** Tenant and user, as fields of a fixture. */
  get owner(): { readonly tenantId: TenantId; readonly userId: UserId } {
    return { tenantId: this.tenant.id, userId: this.user.id };
  }

  async addUser(overrides: Overrides<User> = {}): Promise<User> {
    const user = aUser({ tenantId: this.tenantId, ...overrides });
    await this.repositories.users.insert(user);
    return user;
  }

  /** Adds the organisation and the user too, unless they are named. */
  async addMembership(overrides: Overrides<Membership> = {}): Promise<Membership> {
    const organizationId =
      overrides.organizationId ?? (await this.addUser({ kind: 'organization' })).id;
    const userId = overrides.userId ?? (await this.addUser()).id;
    const { tenantId } = this;
    const membership = aMembership({ tenantId, ...overrides, organizationId, userId });
    await this.repositories.memberships.insert(membership);
    return membership;
  }

  async addToken(overrides: Overrides<Token> = {}): Promise<Token> {
    const token = aToken({ ...this.owner, ...overrides });
    await this.repositories.tokens.insert(token);
    return token;
  }

  async addConnection(overrides: Overrides<Connection> = {}): Promise<Connection> {
    const connection = aConnection({ ...this.owner, ...overrides });
    await this.repositories.connections.insert(connection);
    return connection;
  }

  /** Adds its connection too, unless it is named. */
  async addCredential(overrides: Overrides<Credential> = {}): Promise<Credential> {
    const connectionId = overrides.connectionId ?? (await this.addConnection()).id;
    const credential = aCredential({ tenantId: this.tenantId, connectionId, ...overrides });
    await this.repositories.credentials.insert(credential);
    return credential;
  }

  async addInstallation(overrides: Overrides<Installation> = {}): Promise<Installation> {
    const installation = anInstallation({ ...this.owner, ...overrides });
    await this.repositories.installations.insert(installation);
    return installation;
  }

  async addRun(installation: Installation, overrides: Overrides<Run> = {}): Promise<Run> {
    const run = aRun({ ...scopeOf(installation), ...overrides });
    await this.repositories.runs.insert(run);
    return run;
  }

  addSync(installation: Installation, overrides: Overrides<Sync> = {}): Promise<Sync> {
    return this.repositories.syncs.ensure(aSync({ ...scopeOf(installation), ...overrides }));
  }

  /** With a number of objects in the role `related`. */
  async addAssociation(installation: Installation, objects = 0): Promise<Association> {
    const association = anAssociation(scopeOf(installation));
    const { associations, associationObjects } = this.repositories;
    await associations.insert(association);
    const rows = Array.from({ length: objects }, () => anAssociationObject());
    await associationObjects.upsertMany(association, rows, new Date());
    return association;
  }

  async addSchedule(
    installation: Installation,
    overrides: Overrides<Schedule> = {},
  ): Promise<Schedule> {
    const schedule = aSchedule({ ...scopeOf(installation), ...overrides });
    await this.repositories.schedules.insert(schedule);
    return schedule;
  }

  async addDeadLetter(
    installation: Installation,
    overrides: Overrides<DeadLetter> = {},
  ): Promise<DeadLetter> {
    const deadLetter = aDeadLetter({ ...scopeOf(installation), ...overrides });
    await this.repositories.deadLetters.insert(deadLetter);
    return deadLetter;
  }

  addEndpoint(
    installation: Installation,
    overrides: Overrides<WebhookEndpoint> = {},
  ): Promise<WebhookEndpoint> {
    return this.repositories.webhookEndpoints.ensure(
      aWebhookEndpoint({ ...scopeOf(installation), ...overrides }),
    );
  }

  async addDelivery(
    endpoint: WebhookEndpoint,
    overrides: Overrides<WebhookDelivery> = {},
  ): Promise<WebhookDelivery> {
    const { tenantId, installationId, id: endpointId } = endpoint;
    const delivery = aWebhookDelivery({ tenantId, installationId, endpointId, ...overrides });
    await this.repositories.webhookDeliveries.insert(delivery);
    return delivery;
  }
}

/** Tenant and installation, as fields of a fixture. */
export function scopeOf({ tenantId, id }: Installation): {
  readonly tenantId: TenantId;
  readonly installationId: Installation['id'];
} {
  return { tenantId, installationId: id };
}
