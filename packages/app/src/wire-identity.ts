import {
  AddMember,
  AppKeys,
  AuthenticateApp,
  AuthenticateAppUser,
  AuthenticateToken,
  ChangeMemberRole,
  CreateTenant,
  CreateUser,
  DeleteTenant,
  DeleteUser,
  GetTenant,
  GetUser,
  IssueToken,
  ListMembers,
  ListOrganizations,
  ListTenants,
  ListTokens,
  ListUsers,
  LogIn,
  OpenTenantContext,
  RemoveMember,
  RequestTenantDeletion,
  RevokeToken,
  SetPassword,
  SetTenantStatus,
} from '@tenon/core';
import type { Commands, TenantDeletionParts, TenantId } from '@tenon/core';
import type { Wiring } from './wiring.js';

/** Tenants; `unpark` lets the jobs go on that waited while a tenant was suspended. */
export function wireTenants(
  { adapters }: Wiring,
  deletion: TenantDeletionParts,
  unpark: (tenantId: TenantId) => Promise<unknown>,
): Commands['tenants'] {
  const { tenants, users } = adapters.persistence;
  const parts = { ...adapters.platform, tenants, users };
  const create = new CreateTenant(parts);
  const get = new GetTenant(parts);
  const list = new ListTenants(parts);
  const setStatus = new SetTenantStatus(parts);
  const requestDeletion = new RequestTenantDeletion({ ...parts, audit: deletion.audit });
  const remove = new DeleteTenant(deletion);
  const contextOf = new OpenTenantContext(parts);
  return {
    create: (context, input) => create.execute(context, input),
    get: (context, input) => get.execute(context, input),
    list: (context, input) => list.execute(context, input),
    setStatus: async (context, input) => {
      const tenant = await setStatus.execute(context, input);
      if (tenant.status === 'active') await unpark(tenant.id);
      return tenant;
    },
    requestDeletion: (context, input) => requestDeletion.execute(context, input),
    delete: (context, input) => remove.execute(context, input),
    contextOf: (context, input) => contextOf.execute(context, input),
  };
}

/** Users and their log-in. */
export function wireUsers({ adapters, events }: Wiring): Commands['users'] {
  const { persistence, platform } = adapters;
  const { tenants, users, tokens, connections, installations } = persistence;
  const parts = {
    ...platform,
    persistence,
    tenants,
    users,
    tokens,
    connections,
    installations,
    events,
  };
  const create = new CreateUser(parts);
  const get = new GetUser(parts);
  const list = new ListUsers(parts);
  const remove = new DeleteUser(parts);
  const setPassword = new SetPassword(parts);
  const logIn = new LogIn(parts);
  return {
    create: (context, input) => create.execute(context, input),
    get: (context, input) => get.execute(context, input),
    list: (context, input) => list.execute(context, input),
    delete: (context, input) => remove.execute(context, input),
    setPassword: (context, input) => setPassword.execute(context, input),
    logIn: (context, input) => logIn.execute(context, input),
  };
}

/** Users in organisations. */
export function wireMembers({ adapters }: Wiring): Commands['members'] {
  const { persistence, platform } = adapters;
  const parts = { ...platform, persistence };
  const add = new AddMember(parts);
  const list = new ListMembers(parts);
  const organizations = new ListOrganizations(parts);
  const changeRole = new ChangeMemberRole(parts);
  const remove = new RemoveMember(parts);
  return {
    add: (context, input) => add.execute(context, input),
    list: (context, input) => list.execute(context, input),
    organizations: (context, input) => organizations.execute(context, input),
    changeRole: (context, input) => changeRole.execute(context, input),
    remove: (context, input) => remove.execute(context, input),
  };
}

/** Tokens, and who a caller is. */
export function wireTokens({ adapters, settings }: Wiring): Commands['tokens'] {
  const { persistence, platform } = adapters;
  const { tenants, users, tokens } = persistence;
  const appKeys = new AppKeys(platform.crypto, settings.appKeys);
  const parts = { ...platform, tenants, users, tokens, appKeys };
  const issue = new IssueToken(parts);
  const list = new ListTokens(parts);
  const revoke = new RevokeToken(parts);
  const authenticate = new AuthenticateToken(parts);
  const authenticateApp = new AuthenticateApp(parts);
  const authenticateAppUser = new AuthenticateAppUser(parts);
  return {
    issue: (context, input) => issue.execute(context, input),
    list: (context, input) => list.execute(context, input),
    revoke: (context, input) => revoke.execute(context, input),
    authenticate: (context, input) => authenticate.execute(context, input),
    authenticateApp: (context, input) => authenticateApp.execute(context, input),
    authenticateAppUser: (context, input) => authenticateAppUser.execute(context, input),
  };
}
