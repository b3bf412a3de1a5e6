import { authFields, authSteps } from '../connector/auth.js';
import type { ApiKeyAuth, AuthField, BasicAuth } from '../connector/auth.js';
import type { AuthorizationSession } from './authorization-session.js';
import type { Connection } from './connection.js';

/** A step that a person fills in next. */
export interface ConnectionFormStep {
  /** Names the form; whoever holds it and is its user goes on. */
  readonly form: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly fields: Readonly<Record<string, AuthField>>;
  readonly expiresAt: Date;
}

/** What a person filled in. */
export interface SubmitConnectionStepInput {
  readonly form: string;
  readonly step: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** The next step, or the connection after the last one. */
export type SubmittedStep =
  | { readonly done: false; readonly next: ConnectionFormStep }
  | { readonly done: true; readonly connection: Connection };

/** The names of the fields of a step; none when the connector has no such step (any more). */
export function fieldsOfStep(auth: ApiKeyAuth | BasicAuth, step: number): readonly string[] {
  return authSteps(auth)[step - 1] ?? [];
}

/** The step that a session is at. */
export function formStep(
  auth: ApiKeyAuth | BasicAuth,
  form: string,
  { step, totalSteps, expiresAt }: Pick<AuthorizationSession, 'step' | 'totalSteps' | 'expiresAt'>,
): ConnectionFormStep {
  const names = fieldsOfStep(auth, step);
  const shown = Object.entries(authFields(auth)).filter(([name]) => names.includes(name));
  return { form, step, totalSteps, fields: Object.fromEntries(shown), expiresAt };
}
