/** Length of the text as UTF-8, in bytes. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    bytes += 1;
    const surrogate = unit >= 0xd800 && unit <= 0xdfff;
    if (unit >= 0x800 && !surrogate) bytes += 1;
  }
  return bytes;
}

const CHUNK = 8_192;
/** First code point of each length, to refuse overlong forms. */
const LOWEST = [0, 0x80, 0x800, 0x10000];

function following(first: number): number {
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  return first >= 0xf0 && first < 0xf5 ? 3 : -1;
}

/** The code point at `index`, or -1 when the bytes there are none. */
function codePoint(bytes: Uint8Array, index: number, more: number): number {
  const first = bytes[index] ?? 0;
  if (more === 0) return first;
  let value = first & (0x3f >> more);
  for (let offset = 1; offset <= more; offset += 1) {
    const next = bytes[index + offset];
    if (next === undefined || (next & 0xc0) !== 0x80) return -1;
    value = (value << 6) | (next & 0x3f);
  }
  const surrogate = value >= 0xd800 && value <= 0xdfff;
  return value < (LOWEST[more] ?? 0) || surrogate || value > 0x10ffff ? -1 : value;
}

/** The text of UTF-8 bytes, or null when they are not well-formed UTF-8 (RFC 3629). A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const chunks: string[] = [];
  let points: number[] = [];
  for (let index = 0; index < bytes.length;) {
    const more = following(bytes[index] ?? 0);
    if (more < 0) return null;
    const point = codePoint(bytes, index, more);
    if (point < 0) return null;
    points.push(point);
    index += more + 1;
    if (points.length === CHUNK) {
      chunks.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  chunks.push(String.fromCodePoint(...points));
  return chunks.join('');
}

/** The UTF-8 bytes of text; halves of surrogate pairs become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const value = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (value < 0x80) bytes.push(value);
    else if (value < 0x800) bytes.push(0xc0 | (value >> 6), 0x80 | (value & 63));
    else if (value < 0x10000)
      bytes.push(0xe0 | (value >> 12), 0x80 | ((value >> 6) & 63), 0x80 | (value & 63));
    else
      bytes.push(
        0xf0 | (value >> 18),
        ...[12, 6, 0].map((shift) => 0x80 | ((value >> shift) & 63)),
      );
  }
  return Uint8Array.from(bytes);
}
