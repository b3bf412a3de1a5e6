import { isId } from '../platform/id-generator.port.js';
import type { TokenId } from './token.js';

const PREFIX = 'tnn_';
const ID_END = PREFIX.length + 36;
/** 32 bytes in base64url. */
const SECRET_LENGTH = 43;
export const TOKEN_SECRET_BYTES = 32;

/** The text that its owner sends: `tnn_<id>_<secret>`. */
export function formatBearer(id: TokenId, secret: string): string {
  return `${PREFIX}${id}_${secret}`;
}

/** Takes a bearer token apart; null for text that is none. */
export function parseBearer(
  text: string,
): { readonly id: TokenId; readonly secret: string } | null {
  if (text.length !== ID_END + 1 + SECRET_LENGTH) return null;
  if (!text.startsWith(PREFIX) || text[ID_END] !== '_') return null;
  const id = text.slice(PREFIX.length, ID_END);
  return isId(id) ? { id: id as TokenId, secret: text.slice(ID_END + 1) } : null;
}
