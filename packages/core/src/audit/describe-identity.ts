import type { AuditOrigin } from './audit-trail.js';
import { about, note, notEntered, ofApp, READING } from './audit-note.js';
import type { AuditDescriptions } from './audit-note.js';

const EVERY_REQUEST = notEntered('Every request does it; the token that it takes was entered');

const DELETION = notEntered('It enters by itself, in the trail of the app: the tenant’s own goes');

const tenants: AuditDescriptions['tenants'] = {
  create: ({ context, result: { id } }) =>
    note(ofApp(context, id), 'tenant.created', about('tenant', id)),
  get: READING,
  list: READING,
  setStatus: ({ context, result: { id, status } }) =>
    note(ofApp(context, id), 'tenant.status_changed', about('tenant', id, { status })),
  requestDeletion: DELETION,
  delete: DELETION,
  contextOf: READING,
};

const users: AuditDescriptions['users'] = {
  create: ({ context, result: { id, kind } }) =>
    note(context, 'user.created', about('user', id, { kind })),
  get: READING,
  list: READING,
  delete: ({ context, input }) => note(context, 'user.deleted', about('user', input.userId)),
  setPassword: ({ context, input }) =>
    note(context, 'user.password_set', about('user', input.userId)),
  logIn: ({ context, result: { token } }) => {
    const { id, tenantId, userId } = token;
    const origin: AuditOrigin = { ...ofApp(context, tenantId), actor: 'user', userId };
    return note(origin, 'token.issued', about('token', id, { by: 'log-in' }));
  },
};

const members: AuditDescriptions['members'] = {
  add: ({ context, result: { organizationId, userId, role } }) =>
    note(context, 'member.added', about('organization', organizationId, { userId, role })),
  list: READING,
  organizations: READING,
  changeRole: ({ context, result: { organizationId, userId, role } }) =>
    note(context, 'member.role_changed', about('organization', organizationId, { userId, role })),
  remove: ({ context, input: { organizationId, userId } }) =>
    note(context, 'member.removed', about('organization', organizationId, { userId })),
};

const tokens: AuditDescriptions['tokens'] = {
  issue: ({ context, result: { token } }) => {
    const { id, userId, scopes } = token;
    return note(context, 'token.issued', about('token', id, { userId, scopes }));
  },
  list: READING,
  revoke: ({ context, input }) => note(context, 'token.revoked', about('token', input.tokenId)),
  authenticate: EVERY_REQUEST,
  authenticateApp: EVERY_REQUEST,
  authenticateAppUser: EVERY_REQUEST,
};

/** Who is known, and what they may do. */
export const identityDescriptions = { tenants, users, members, tokens };
