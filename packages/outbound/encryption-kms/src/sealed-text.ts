const VERSION = 'v2';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What the wrapped data key is bound to at KMS: the app (`a`), or the tenant as well (`t`). */
export type KeyScope = 'a' | 't';

/** The parts of `v2:<keyId>:<dataKey>:<iv>:<ciphertext>:<tag>`. */
export interface SealedText {
  readonly keyId: string;
  readonly scope: KeyScope;
  /** The data key part, scope included, as it stands in the text. */
  readonly wrapped: string;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** The data key part: the letter of its scope, then the wrapped key in base64url. */
export function wrappedText(scope: KeyScope, blob: Uint8Array): string {
  return `${scope}${Buffer.from(blob.buffer, blob.byteOffset, blob.length).toString('base64url')}`;
}

/** What KMS unwraps; null when the text is not exactly what {@link wrappedText} made. */
export function blobOf(wrapped: string): Buffer | null {
  const blob = exact(wrapped.slice(1));
  return blob && blob.length > 0 ? blob : null;
}

export function sealedText(parts: Omit<SealedText, 'scope'>): string {
  const { keyId, wrapped, iv, ciphertext, tag } = parts;
  const bytes = `${iv.toString('base64url')}:${ciphertext.toString('base64url')}`;
  return `${VERSION}:${keyId}:${wrapped}:${bytes}:${tag.toString('base64url')}`;
}

/** Reads the text form; null for anything that this package did not write, to the last bit. */
export function parseSealedText(text: string): SealedText | null {
  const parts = text.split(':');
  const [version, keyId = '', wrapped = ''] = parts;
  if (parts.length !== 6 || version !== VERSION || keyId === '') return null;
  const scope = wrapped[0];
  if (scope !== 'a' && scope !== 't') return null;
  const [iv, ciphertext, tag] = parts.slice(3).map(exact);
  if (!iv || !ciphertext || !tag) return null;
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return null;
  return { keyId, scope, wrapped, iv, ciphertext, tag };
}

/** Node's decoder skips what it does not know and ignores bits that are left over: only the one right text counts. */
function exact(part: string): Buffer | null {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : null;
}
