import { fieldsOf, listOf } from './description.js';
import type { Description } from './description.js';
import type { Operation } from './operations.js';
import { wordsOf } from './type-names.js';

/** An operation that tells whose account it is: by its path, without input, with an id in its answer. */
export interface IdentityCall {
  readonly method: string;
  /** Null when the answer has none. */
  readonly id: string | null;
  readonly name: string | null;
}

const ACCOUNT = new Set([
  'me',
  'self',
  'account',
  'user',
  'profile',
  'whoami',
  'myself',
  'userinfo',
  'organization',
]);

/** The members that an answer has, whatever variant it is. */
function propertiesOf(schema: unknown, description: Description): readonly string[] {
  const meaning = description.follow(schema);
  const own = Object.keys(fieldsOf(meaning, 'properties'));
  const inherited = listOf(meaning, 'allOf').flatMap((each) => propertiesOf(each, description));
  const [first, ...others] = [...listOf(meaning, 'oneOf'), ...listOf(meaning, 'anyOf')].map(
    (each) => propertiesOf(each, description),
  );
  const common = first?.filter((name) => others.every((each) => each.includes(name))) ?? [];
  return [...own, ...inherited, ...common];
}

/** Whether an answer is an object for sure, and not null at times. */
function isObject(schema: unknown, description: Description): boolean {
  const { type, nullable, allOf, oneOf, anyOf } = description.follow(schema);
  if (nullable === true) return false;
  if (type !== undefined) return type === 'object';
  const variants: unknown = oneOf ?? anyOf;
  if (!Array.isArray(variants)) return Array.isArray(allOf);
  return variants.every((each) => isObject(each, description));
}

/** The best operation to ask; null when every one wants input. */
export function identityCallOf(
  description: Description,
  operations: readonly Operation[],
): IdentityCall | null {
  const free = operations.filter(
    ({ method, parameters, answer }) =>
      method === 'get' && !parameters.some((each) => each.required) && answer,
  );
  const byAccount = free.filter(({ path }) =>
    ACCOUNT.has(wordsOf(path).at(-1)?.toLowerCase() ?? ''),
  );
  for (const { name, answer } of byAccount) {
    const properties = isObject(answer, description) ? propertiesOf(answer, description) : [];
    const id = ['id', 'sub', 'uuid', 'user_id', 'account_id', 'userId', 'accountId'].find((each) =>
      properties.includes(each),
    );
    const label = ['name', 'login', 'username', 'email'].find((each) => properties.includes(each));
    if (id !== undefined) return { method: name, id, name: label ?? null };
  }
  const any = byAccount[0] ?? free[0];
  return any ? { method: any.name, id: null, name: null } : null;
}
