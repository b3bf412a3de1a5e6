import { SecretMalformedError } from './secrets.errors.js';

/** Values by name. */
export type SecretValues = Readonly<Record<string, string>>;

function parseObject(secretId: string, text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SecretMalformedError(
      secretId,
      "it is no JSON; for plain text set the option 'textAs'",
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SecretMalformedError(secretId, 'it is JSON, but not an object of names and values');
  }
  return parsed as Readonly<Record<string, unknown>>;
}

/**
 * Names and values of a secret's text; numbers and booleans become text.
 * @throws SecretMalformedError naming the secret and, where there is one, the name whose value does not fit.
 */
export function parseSecret(
  secretId: string,
  text: string | undefined,
  textAs: string | undefined,
): SecretValues {
  if (text === undefined) throw new SecretMalformedError(secretId, 'it is binary, not text');
  if (textAs !== undefined) return Object.freeze({ [textAs]: text });
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseObject(secretId, text))) {
    if (typeof value === 'string') values[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') values[name] = String(value);
    else throw new SecretMalformedError(secretId, `the value of '${name}' is not text`);
  }
  return Object.freeze(values);
}
