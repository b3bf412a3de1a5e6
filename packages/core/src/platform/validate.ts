import { ValidationError } from './common.errors.js';
import type { StandardIssue, StandardSchemaV1 } from './standard-schema.js';

function pathOf(issue: StandardIssue): string {
  return (issue.path ?? [])
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .join('.');
}

/**
 * Validates `value` with a Standard Schema and answers its output.
 * @throws ValidationError that names `what` and every place that is wrong.
 */
export async function validateWith<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: unknown,
  what: string,
): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw new ValidationError(
    what,
    result.issues.map((issue) => ({ path: pathOf(issue), message: issue.message })),
  );
}
