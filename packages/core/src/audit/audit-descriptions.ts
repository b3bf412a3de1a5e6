import { ofAppTrail } from './app-trail.js';
import { about, note, notEntered, READING } from './audit-note.js';
import type { AuditDescriptions } from './audit-note.js';
import { connectionDescriptions } from './describe-connections.js';
import { identityDescriptions } from './describe-identity.js';
import { workDescriptions } from './describe-work.js';

/** Keys are the app's: what is done with them is in the app's own trail, not in that of each tenant. */
const keys: AuditDescriptions['keys'] = {
  status: READING,
  rotate: ({ context, result: { keyId, scanned, rewritten, unreadable, finishedAt } }) =>
    note(
      ofAppTrail(context),
      finishedAt === null ? 'key.rotation_stopped' : 'key.rotated',
      about('key', keyId, { scanned, rewritten, unreadable }),
    ),
  retire: ({ context, result: { keyId } }) =>
    note(ofAppTrail(context), 'key.retired', about('key', keyId)),
};

const SOCKET = notEntered('Connections of browsers come and go, and change nothing that is kept');

const websockets: AuditDescriptions['websockets'] = {
  issueTicket: SOCKET,
  publish: SOCKET,
  connect: SOCKET,
  receive: SOCKET,
  disconnect: SOCKET,
  keep: SOCKET,
  collect: SOCKET,
};

const STREAM = notEntered('A stream enters by itself, when it begins and when it ends');

/** Every command: what is entered of it, or why nothing is. */
export const auditDescriptions: AuditDescriptions = {
  ...identityDescriptions,
  ...connectionDescriptions,
  ...workDescriptions,
  keys,
  websockets,
  data: { export: STREAM, import: STREAM, verify: READING },
  maintenance: { sweep: notEntered('It removes only what has expired or was deleted before') },
  audit: { list: READING, verify: READING, listApp: READING, verifyApp: READING },
  health: { ready: READING, detailed: READING },
};
