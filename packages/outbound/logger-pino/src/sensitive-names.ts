/**
 * Names under which secrets travel, without dashes and underscores, in lower case. A second fence only: what is secret is a
 * `Secret` in the first place.
 */
const SENSITIVE: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'apikey',
  'xapikey',
  'xauthtoken',
  'xaccesstoken',
  'xcsrftoken',
  'xamzsecuritytoken',
  'xtenonappkey',
  'webhooksignature',
  'password',
  'passwordhash',
  'clientsecret',
  'secret',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'bearer',
  'privatekey',
]);

/** True for names whose values are not printed. */
export function isSensitive(name: string): boolean {
  return SENSITIVE.has(name.toLowerCase().replace(/[-_]/g, ''));
}
