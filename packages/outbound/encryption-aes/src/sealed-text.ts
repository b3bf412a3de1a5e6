import { Scratch } from './scratch.js';

const VERSION = 'v1';
const IV_CHARS = 16;
const TAG_CHARS = 22;
/** Last characters that leave no bits over, by how many characters the last group of four has. */
const FULL_ENDS = ['', '', 'AQgw', 'AEIMQUYcgkosw048'] as const;

const ivScratch = new Scratch(64);
const tagScratch = new Scratch(64);
const ciphertextScratch = new Scratch(64 * 1024);

/** The parts of `v1:<keyId>:<iv>:<ciphertext>:<tag>`. The buffers are valid until the next text is parsed. */
export interface SealedText {
  readonly keyId: string;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** What every sealed text of a key begins with. */
export function sealedPrefix(keyId: string): string {
  return `${VERSION}:${keyId}:`;
}

/** Reads the text form; null for anything that this package did not write, to the last bit. */
export function parseSealedText(text: string): SealedText | null {
  const keyStart = VERSION.length + 1;
  const keyEnd = text.indexOf(':', keyStart);
  const ivEnd = keyEnd + 1 + IV_CHARS;
  const tagStart = text.length - TAG_CHARS;
  const shaped =
    text.startsWith('v1:') && keyEnd > 0 && text[ivEnd] === ':' && tagStart > ivEnd + 1;
  if (!shaped || text[tagStart - 1] !== ':' || hasForeignAlphabet(text)) return null;
  const iv = decode(text.slice(keyEnd + 1, ivEnd), ivScratch);
  const ciphertext = decode(text.slice(ivEnd + 1, tagStart - 1), ciphertextScratch);
  const tag = decode(text.slice(tagStart), tagScratch);
  if (!iv || !ciphertext || !tag) return null;
  return { keyId: text.slice(keyStart, keyEnd), iv, ciphertext, tag };
}

/** Node's decoder also takes the characters of ordinary base64. */
function hasForeignAlphabet(text: string): boolean {
  return text.includes('+') || text.includes('/') || text.includes('=');
}

/** Null when a character is none of base64url (Node skips those), or bits are left over. */
function decode(part: string, scratch: Scratch): Buffer | null {
  const rest = part.length % 4;
  if (rest !== 0 && !FULL_ENDS[rest]?.includes(part.charAt(part.length - 1))) return null;
  if (rest === 1) return null;
  const bytes = scratch.write(part, 'base64url');
  return bytes.length === Math.floor((part.length * 3) / 4) ? bytes : null;
}
