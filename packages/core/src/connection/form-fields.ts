import { authFields } from '../connector/auth.js';
import type { ApiKeyAuth, AuthField, BasicAuth } from '../connector/auth.js';
import type { FieldsMaterial } from '../credential/credential.js';
import { ValidationError } from '../platform/common.errors.js';
import type { ValidationIssue } from '../platform/common.errors.js';
import type { JsonObject } from '../platform/json.js';
import { nearestName } from '../platform/options.js';

/** A filled-in form: all fields authenticate, those that are not secret are shown too. */
export interface FilledForm {
  readonly material: FieldsMaterial;
  readonly profile: JsonObject;
}

const MAX_LENGTH = 16_384;

function unknownFields(
  fields: Readonly<Record<string, string>>,
  known: readonly string[],
): ValidationIssue[] {
  return Object.keys(fields)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const hint = nearest ? `did you mean '${nearest}'?` : `known fields: ${known.join(', ')}`;
      return { path: `fields.${name.slice(0, 100)}`, message: `there is no such field; ${hint}` };
    });
}

/** What is wrong with one value; never quotes it. */
function problemOf(field: AuthField, value: string | undefined): string | null {
  if (value === undefined || value === '') return field.required === false ? null : 'is required';
  if (value.length > MAX_LENGTH) return `has at most ${MAX_LENGTH} characters`;
  if (/\p{Cc}/u.test(value)) return 'has no line breaks or control characters';
  if (field.pattern === undefined || new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) {
    return null;
  }
  return `does not match ${field.pattern}`;
}

/** Values that travel in a header hold nothing that a header cannot. */
function placementProblem(auth: ApiKeyAuth | BasicAuth, name: string, value: string) {
  if (auth.type === 'basic') {
    return name === 'username' && value.includes(':') ? 'has no colon' : null;
  }
  const sent = name === (auth.field ?? 'apiKey') && auth.placement.in === 'header';
  return sent && !/^[\x20-\x7e]*$/.test(value) ? 'has ASCII characters only' : null;
}

/** `names` are the fields of one step. @throws ValidationError naming every field that is unknown, missing or malformed. */
export function readForm(
  auth: ApiKeyAuth | BasicAuth,
  fields: Readonly<Record<string, string>>,
  names: readonly string[] = Object.keys(authFields(auth)),
): FilledForm {
  const issues = unknownFields(fields, names);
  const values: Record<string, string> = {};
  const profile: Record<string, string> = {};
  for (const [name, definition] of Object.entries(authFields(auth))) {
    if (!names.includes(name)) continue;
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const problem = problemOf(definition, value) ?? placementProblem(auth, name, value ?? '');
    if (problem !== null) issues.push({ path: `fields.${name}`, message: problem });
    if (value === undefined || value === '') continue;
    values[name] = value;
    if (definition.secret === false) profile[name] = value;
  }
  if (issues.length > 0) throw new ValidationError('The connection', issues);
  return { material: { type: auth.type, fields: values }, profile };
}
