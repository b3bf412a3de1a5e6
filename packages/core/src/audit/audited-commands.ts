import type { Commands } from '../app/commands.js';
import { auditDescriptions } from './audit-descriptions.js';
import type { AuditedCall, AuditNote, NotEntered } from './audit-note.js';
import type { AuditTrail } from './audit-trail.js';

type AnyCommand = (context: never, input: never) => Promise<unknown>;
type AnyStream = (context: never, input: never) => AsyncIterable<unknown>;
type AnyDescribe = (call: AuditedCall<unknown, unknown, unknown>) => AuditNote | null;

function audited(trail: AuditTrail, command: AnyCommand, describe: AnyDescribe | null): AnyCommand {
  return async (context, input) => {
    try {
      const result = await command(context, input);
      const made = describe?.({ context, input, result }) ?? null;
      if (made) await trail.record(made.origin, made.event);
      return result;
    } finally {
      // What was noted on the way, such as reads of credentials, is stored before the request or job ends.
      if (trail.pending) await trail.flush();
    }
  };
}

function descriptionOf(group: string, name: string): AnyDescribe | NotEntered {
  const groups = auditDescriptions as unknown as Readonly<
    Record<string, Readonly<Record<string, AnyDescribe | NotEntered>> | undefined>
  >;
  const description = groups[group]?.[name];
  if (description) return description;
  throw new TypeError(`The command ${group}.${name} is neither described for the audit nor exempt`);
}

/** Commands that answer streams: they cannot be awaited, and enter by themselves. */
const STREAMS: ReadonlySet<string> = new Set<`data.${keyof Commands['data']}`>([
  'data.export',
  'data.import',
]);

/**
 * The commands, entering into the audit trail what they did. What failed is not entered.
 * @throws TypeError for a command that has no description.
 */
export function auditedCommands(commands: Commands, trail: AuditTrail): Commands {
  const groups = Object.entries(commands).map(([group, members]) => {
    const each = Object.entries(members as Readonly<Record<string, AnyCommand | AnyStream>>);
    const wrapped = each.map(([name, command]) => {
      const description = descriptionOf(group, name);
      if (STREAMS.has(`${group}.${name}`)) return [name, command];
      const describe = typeof description === 'function' ? description : null;
      return [name, audited(trail, command as AnyCommand, describe)];
    });
    return [group, Object.fromEntries(wrapped) as unknown];
  });
  return Object.fromEntries(groups) as Commands;
}
