import type { Connection } from '../connection/connection.js';
import type { AuditOrigin } from './audit-trail.js';
import { about, note, notEntered, ofApp, READING } from './audit-note.js';
import type { AuditDescriptions, AuditNote } from './audit-note.js';

const NOT_YET = notEntered('It only begins; the connection is entered once it is there');

/** A connection that was just made has not been changed since. */
function saved(
  origin: AuditOrigin,
  { id, connector, createdAt, updatedAt }: Connection,
): AuditNote {
  const isNew = createdAt.getTime() === updatedAt.getTime();
  const action = isNew ? 'connection.created' : 'connection.reauthorized';
  return note(origin, action, about('connection', id, { connector }));
}

const connections: AuditDescriptions['connections'] = {
  authorize: NOT_YET,
  complete: ({ context, result }) => {
    const { tenantId, userId } = result.connection;
    // The browser of the user who started: the callback proved that it is the same.
    const origin: AuditOrigin = { ...ofApp(context, tenantId), actor: 'user', userId };
    return saved(origin, result.connection);
  },
  submit: ({ context, result }) => saved(context, result),
  startForm: NOT_YET,
  submitStep: ({ context, result }) => (result.done ? saved(context, result.connection) : null),
  test: notEntered('Its read of the credential is entered by itself'),
  get: READING,
  list: READING,
  rename: ({ context, result: { id, name } }) =>
    note(context, 'connection.renamed', about('connection', id, { name })),
  delete: ({ context, input }) =>
    note(context, 'connection.deleted', about('connection', input.connectionId)),
};

/** Accounts at third parties. Reads of their credentials are entered where they happen, see `AuditTrail.noteCredentialRead`. */
export const connectionDescriptions = {
  connectors: { list: READING, get: READING },
  connections,
} satisfies Partial<AuditDescriptions>;
