import type { CredentialMaterial } from '../credential/credential.js';
import type { Crypto } from '../platform/crypto.port.js';
import { formEncode } from '../platform/http-url.js';

/** What stands in the place of a secret. */
export const REDACTED = '[secret]';

/** Shorter values would blank out ordinary words. */
const MIN_LENGTH = 4;

const SECRET_NAME =
  /token|secret|passw(?:or)?d|passphrase|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?key|authorization|credential|cookie|signature|session|assertion|^(?:key|auth|sig|pwd|code)$|^x-.*(?:key|auth)/i;
/** Tokens that say where a list goes on are no secrets. */
const PLACE_NAME = /page|cursor|next|sync[-_]?token|continuation|delta|etag/i;

const JSON_MEMBER =
  /"((?:[^"\\]|\\.)*)"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|\[[^[\]{}]*\])/g;
const SCHEMED = /\b(Bearer|Basic|Token|Digest)(\s+|%20|\+)[\w.~+/=%-]{4,}/gi;
const JWT = /\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g;

/** True for names of headers, parameters and JSON members whose values are secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PLACE_NAME.test(name);
}

function encodings(value: string, crypto: Pick<Crypto, 'base64'>): string[] {
  const base64 = crypto.base64(value).replace(/=+$/, '');
  const json = JSON.stringify(value).slice(1, -1);
  // JSON travels in JSON, too.
  const nested = JSON.stringify(json).slice(1, -1);
  const encoded = isWellFormed(value) ? [encodeURIComponent(value), formEncode(value)] : [];
  return [
    ...[
      value,
      ...encoded,
      ...encoded.map((text) => text.replace(/%../g, (hex) => hex.toLowerCase())),
    ],
    ...[json, nested, json.replaceAll('/', '\\/')],
    ...[base64, base64.replaceAll('+', '-').replaceAll('/', '_')],
  ];
}

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function parse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/**
 * Takes secrets out of texts: values that it was told of, in every usual encoding; values of members, parameters and headers whose
 * names say that they are secret; bearer tokens and JSON Web Tokens wherever they stand.
 */
export class Redactor {
  /** Longest first: one secret may hold another. */
  #values: readonly string[] = [];
  readonly #names: ReadonlySet<string>;

  /** `names`: further names of parameters and headers that carry secrets. */
  constructor(
    private readonly crypto: Pick<Crypto, 'base64'>,
    names: Iterable<string> = [],
  ) {
    this.#names = new Set([...names].map((name) => name.toLowerCase()));
  }

  /** Values below four characters are not looked for. */
  add(...values: readonly string[]): void {
    const all = values
      .filter((value) => value.length >= MIN_LENGTH)
      .flatMap((value) => encodings(value, this.crypto));
    this.#values = [...new Set([...this.#values, ...all])].sort((a, b) => b.length - a.length);
  }

  /** Everything that authenticates, those fields of a form included that are not secret. */
  addMaterial(material: CredentialMaterial): void {
    if (material.type === 'oauth2') {
      this.add(material.accessToken, material.refreshToken ?? '');
      return;
    }
    const { username = '', password = '' } = material.fields;
    this.add(...Object.values(material.fields), `${username}:${password}`);
  }

  text(text: string): string {
    let clean = text;
    for (const value of this.#values) clean = clean.replaceAll(value, REDACTED);
    return clean.replace(SCHEMED, `$1 ${REDACTED}`).replace(JWT, REDACTED);
  }

  /** A URL, or the body of a form. */
  parameters(text: string): string {
    const named = text.replace(
      /(^|[?&;])([^=&;#?]+)=([^&;#]*)/g,
      (whole: string, before: string, name: string) =>
        this.#isSecret(decoded(name)) ? `${before}${name}=${REDACTED}` : whole,
    );
    return this.text(named.replace(/^(https?:\/\/)[^/?#@]*@/, '$1'));
  }

  /** JSON, which stays as it is written but for the secrets. */
  json(text: string): string {
    const named = text.replace(JSON_MEMBER, (whole: string, name: string, colon: string) => {
      if (!this.#isSecret(name)) return whole;
      return whole.endsWith(']') ? `"${name}"${colon}[]` : `"${name}"${colon}"${REDACTED}"`;
    });
    const clean = this.text(named);
    // A secret may be written with escapes that nobody needs.
    const parsed = parse(clean);
    const canonical = parsed ? JSON.stringify(parsed.value) : clean;
    const cleaner = this.text(canonical);
    return cleaner === canonical ? clean : cleaner;
  }

  /** The body of a request or of an answer. */
  body(text: string, contentType: string | undefined): string {
    if (/x-www-form-urlencoded/i.test(contentType ?? '')) return this.parameters(text);
    return /^\s*[[{"]/.test(text) ? this.json(text) : this.text(text);
  }

  /** Headers that are worth keeping, without secrets. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    const entries = Object.entries(headers).flatMap(([name, value]) => {
      const lower = name.toLowerCase();
      if (lower === 'link' || lower === 'location') return [[lower, this.links(value)]];
      return this.#isSecret(lower) ? [] : [[lower, this.text(value)]];
    });
    return Object.fromEntries(entries) as Record<string, string>;
  }

  private links(value: string): string {
    return value.replace(/https?:\/\/[^\s<>"]+|^\/[^\s<>"]*/g, (url) => this.parameters(url));
  }

  #isSecret(name: string): boolean {
    return this.#names.has(name.toLowerCase()) || isSecretName(name);
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
