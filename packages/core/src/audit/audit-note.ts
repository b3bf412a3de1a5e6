import type { Commands } from '../app/commands.js';
import type { AppContext } from '../platform/context.js';
import type { TenantId } from '../tenant/tenant.js';
import type { AuditEvent, AuditOrigin } from './audit-trail.js';

/** What to enter, and by whom it was done. */
export interface AuditNote {
  readonly origin: AuditOrigin;
  readonly event: AuditEvent;
}

/** What is known of a command that was done. */
export interface AuditedCall<Context, Input, Result> {
  readonly context: Context;
  readonly input: Input;
  readonly result: Result;
}

/** Says that a command is not entered after it was done, and why. */
export interface NotEntered {
  readonly notEntered: string;
}

/** What is entered of a command that was done; null for a call that did nothing worth an entry. */
type Describe<Command> = Command extends (
  context: infer Context,
  input: infer Input,
) => Promise<infer Result>
  ? (call: AuditedCall<Context, Input, Result>) => AuditNote | null
  : never;

/** What is entered, by command. The type knows every command: one that is new is described here, or says why it is not entered. */
export type AuditDescriptions = {
  readonly [Group in keyof Commands]: {
    readonly [Name in keyof Commands[Group]]: Describe<Commands[Group][Name]> | NotEntered;
  };
};

export function notEntered(why: string): NotEntered {
  return { notEntered: why };
}

/** Of commands that only read. */
export const READING = notEntered('It reads and changes nothing');

export function note(
  origin: AuditOrigin,
  action: string,
  { subject, details }: Omit<AuditEvent, 'action'>,
): AuditNote {
  const { tenantId, requestId, actor, userId } = origin;
  const event = { action, subject, ...(details && { details }) };
  return { origin: { tenantId, requestId, actor, userId }, event };
}

/** What was done to something, by its type. */
export function about(
  type: string,
  id: string,
  details?: AuditEvent['details'],
): Omit<AuditEvent, 'action'> {
  return { subject: { type, id }, ...(details && { details }) };
}

/** The back end, in a tenant. */
export function ofApp({ requestId, actor }: AppContext, tenantId: TenantId): AuditOrigin {
  return { tenantId, requestId, actor, userId: null };
}
