import type { Environment } from '@tenon/core';

const PASSWORD_IN_URL = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi;
const SECRET_NAME = /KEY|SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL/i;
const NO_SECRET_NAME = /_(FILE|PATH|DIR|URL|URLS|ENDPOINT|ID)$/i;
/** Shorter values would blank out ordinary words. */
const MIN_LENGTH = 8;

function partsOf(value: string): string[] {
  const entries = value.split(',').map((entry) => entry.trim());
  // Lists of `id:key` and `name=value` hold the secret after the first separator.
  return [value, ...entries, ...entries.map((entry) => entry.replace(/^[^:=]*[:=]/, ''))];
}

/** The values of the environment's secret variables, longest first. */
export function secretsOf(environment: Environment): string[] {
  return Object.entries(environment)
    .filter(([name]) => SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name))
    .flatMap(([, value]) => (value === undefined ? [] : partsOf(value)))
    .filter((part) => part.length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
}

/** Text without passwords of URLs and without values of the environment's secret variables. */
export function redact(text: string, environment: Environment): string {
  const withoutPasswords = text.replace(PASSWORD_IN_URL, '$1[secret]@');
  return secretsOf(environment).reduce(
    (result, value) => result.replaceAll(value, '[secret]'),
    withoutPasswords,
  );
}
