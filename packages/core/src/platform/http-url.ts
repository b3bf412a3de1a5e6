/** The parts of an absolute `http:` or `https:` URL. */
export interface HttpUrl {
  /** Scheme, host and port in lower case, without the scheme's own port. */
  readonly origin: string;
  /** Begins with `/`; empty when there is none. */
  readonly path: string;
  /** With `?`; empty when there is none. */
  readonly query: string;
}

const UNSAFE = /[\s\\\p{Cc}]/u;
const SHAPE = /^(https?):\/\/([a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(\/[^?#]*)?(\?[^#]*)?$/i;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
/** Hosts whose last label is a number are IPv4 addresses in one of many notations; only the usual one is read. */
const NUMERIC = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const OWN_PORT: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Reads an absolute URL. Strict where parsers disagree, because the answer decides who gets a secret: no user info, backslash,
 * white space, control character, fragment or percent sign in the host. Null for everything else.
 */
export function parseHttpUrl(text: string): HttpUrl | null {
  if (UNSAFE.test(text)) return null;
  const [, scheme, host, port, path, query] = SHAPE.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return null;
  if (NUMERIC.test(host) && (!IPV4.test(host) || /(?:^|\.)0\d/.test(host))) return null;
  if (port !== undefined && (Number(port) > 65_535 || /^0\d/.test(port))) return null;
  const name = scheme.toLowerCase();
  const suffix = port === undefined || port === OWN_PORT[name] ? '' : `:${port}`;
  return {
    origin: `${name}://${host.toLowerCase()}${suffix}`,
    path: path ?? '',
    query: query ?? '',
  };
}

/** True when a path has a `.` or `..` segment, also a percent-encoded one: it would leave the folder it seems to be in. */
export function hasDotSegment(path: string): boolean {
  return DOT_SEGMENT.test(path);
}

/** `application/x-www-form-urlencoded` of one value. */
export function formEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+');
}

/** `application/x-www-form-urlencoded` of names and values; `undefined` is left out. */
export function encodeForm(values: Readonly<Record<string, string | undefined>>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) parts.push(`${formEncode(name)}=${formEncode(value)}`);
  }
  return parts.join('&');
}
