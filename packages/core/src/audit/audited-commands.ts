import type { Commands } from '../app/commands.js';
import type { Connection } from '../connection/connection.js';
import type { AppContext } from '../platform/context.js';
import type { TenantId } from '../tenant/tenant.js';
import type { AuditEvent, AuditOrigin, AuditTrail } from './audit-trail.js';

/** What to enter, and by whom it was done. */
interface Note {
  readonly origin: AuditOrigin;
  readonly event: AuditEvent;
}

/** What is known of a command that was done. */
interface Call<Context, Input, Result> {
  readonly context: Context;
  readonly input: Input;
  readonly result: Result;
}

type Describe<Command> = Command extends (
  context: infer Context,
  input: infer Input,
) => Promise<infer Result>
  ? (call: Call<Context, Input, Result>) => Note
  : never;

/** What is entered, by command. A command that is not here is not entered. */
type Descriptions = {
  readonly [Group in keyof Commands]?: {
    readonly [Name in keyof Commands[Group]]?: Describe<Commands[Group][Name]>;
  };
};

function note(origin: AuditOrigin, action: string, subject: AuditEvent['subject']): Note {
  return { origin, event: { action, subject } };
}

function detailed({ origin, event }: Note, details: NonNullable<AuditEvent['details']>): Note {
  return { origin, event: { ...event, details } };
}

function ofApp({ requestId, actor }: AppContext, tenantId: TenantId): AuditOrigin {
  return { tenantId, requestId, actor, userId: null };
}

/** A connection that was just made has not been changed since. */
function savedConnection(origin: AuditOrigin, connection: Connection): Note {
  const { id, connector, createdAt, updatedAt } = connection;
  const action =
    createdAt.getTime() === updatedAt.getTime() ? 'connection.created' : 'connection.reauthorized';
  return detailed(note(origin, action, { type: 'connection', id }), { connector });
}

const user = (id: string) => ({ type: 'user', id });
const token = (id: string) => ({ type: 'token', id });
const connection = (id: string) => ({ type: 'connection', id });
const installation = (id: string) => ({ type: 'installation', id });
const deadLetter = (id: string) => ({ type: 'dead_letter', id });
const tenant = (id: string) => ({ type: 'tenant', id });

const descriptions: Descriptions = {
  tenants: {
    create: ({ context, result: { id } }) => note(ofApp(context, id), 'tenant.created', tenant(id)),
    setStatus: ({ context, result: { id, status } }) =>
      detailed(note(ofApp(context, id), 'tenant.status_changed', tenant(id)), { status }),
  },
  users: {
    create: ({ context, result: { id, kind } }) =>
      detailed(note(context, 'user.created', user(id)), { kind }),
    delete: ({ context, input }) => note(context, 'user.deleted', user(input.userId)),
    setPassword: ({ context, input }) => note(context, 'user.password_set', user(input.userId)),
    logIn: ({ context, result }) => {
      const { id, tenantId, userId } = result.token;
      const origin: AuditOrigin = { ...ofApp(context, tenantId), actor: 'user', userId };
      return detailed(note(origin, 'token.issued', token(id)), { by: 'log-in' });
    },
  },
  tokens: {
    issue: ({ context, result: { token: issued } }) =>
      detailed(note(context, 'token.issued', token(issued.id)), {
        userId: issued.userId,
        scopes: issued.scopes,
      }),
    revoke: ({ context, input }) => note(context, 'token.revoked', token(input.tokenId)),
  },
  connections: {
    complete: ({ context, result }) => {
      const { tenantId, userId } = result.connection;
      // The browser of the user who started: the callback proved that it is the same.
      const origin: AuditOrigin = { ...ofApp(context, tenantId), actor: 'user', userId };
      return savedConnection(origin, result.connection);
    },
    submit: ({ context, result }) => savedConnection(context, result),
    delete: ({ context, input }) =>
      note(context, 'connection.deleted', connection(input.connectionId)),
  },
  installations: {
    create: ({ context, result: { id, integration } }) =>
      detailed(note(context, 'installation.created', installation(id)), { integration }),
    enable: ({ context, result: { id } }) =>
      note(context, 'installation.enabled', installation(id)),
    disable: ({ context, result: { id } }) =>
      note(context, 'installation.disabled', installation(id)),
    delete: ({ context, input }) =>
      note(context, 'installation.deleted', installation(input.installationId)),
  },
  deadLetters: {
    redrive: ({ context, input }) =>
      note(context, 'dead_letter.redriven', deadLetter(input.deadLetterId)),
    discard: ({ context, input: { deadLetterId, reason } }) =>
      detailed(note(context, 'dead_letter.discarded', deadLetter(deadLetterId)), { reason }),
  },
};

type AnyCommand = (context: never, input: never) => Promise<unknown>;
type AnyDescribe = (call: Call<unknown, unknown, unknown>) => Note;

function audited(trail: AuditTrail, command: AnyCommand, describe?: AnyDescribe): AnyCommand {
  return async (context, input) => {
    try {
      const result = await command(context, input);
      if (describe) {
        const { origin, event } = describe({ context, input, result });
        await trail.record(origin, event);
      }
      return result;
    } finally {
      // What was noted on the way, such as reads of credentials, is stored before the request or job ends.
      if (trail.pending) await trail.flush();
    }
  };
}

/** The commands, entering into the audit trail what they did. What failed is not entered. */
export function auditedCommands(commands: Commands, trail: AuditTrail): Commands {
  const described = descriptions as Readonly<Record<string, Readonly<Record<string, AnyDescribe>>>>;
  const groups = Object.entries(commands).map(([group, members]) => {
    const each = Object.entries(members as Readonly<Record<string, AnyCommand>>).map(
      ([name, command]) => [name, audited(trail, command, described[group]?.[name])],
    );
    return [group, Object.fromEntries(each) as unknown];
  });
  return Object.fromEntries(groups) as Commands;
}
