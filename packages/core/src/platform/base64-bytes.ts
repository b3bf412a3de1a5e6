const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as base64 with padding (RFC 4648 §4). */
export function bytesToBase64(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = bytes.subarray(index, index + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const chars = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63] ?? '');
    text += b === undefined ? `${chars.slice(0, 2).join('')}==` : '';
    text += b !== undefined && c === undefined ? `${chars.slice(0, 3).join('')}=` : '';
    text += c === undefined ? '' : chars.join('');
  }
  return text;
}

/** The bytes of base64 text; null when it is none. */
export function base64ToBytes(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const chars = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((chars.length * 3) / 4));
  let group = 0;
  for (let index = 0, filled = 0; index < chars.length; index += 1) {
    group = ((group << 6) | ALPHABET.indexOf(chars.charAt(index))) & 0xffffff;
    const bits = ((index % 4) + 1) * 6;
    if (index % 4 === 0) continue;
    bytes[filled] = (group >> (bits - 8 * (index % 4))) & 0xff;
    filled += 1;
  }
  return bytes;
}
