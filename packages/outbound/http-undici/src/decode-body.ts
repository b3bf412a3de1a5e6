import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const gzip: Decoder = promisify(gunzip);
const brotli: Decoder = promisify(brotliDecompress);
const zlib: Decoder = promisify(inflate);
const raw: Decoder = promisify(inflateRaw);

/** RFC 9110 §8.4.1.2 means zlib by `deflate`, but some servers leave its header out (low nibble 8 is zlib's method). */
const deflate: Decoder = (bytes, options) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? zlib(bytes, options) : raw(bytes, options);

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip,
  'x-gzip': gzip,
  br: brotli,
  deflate,
};
/** More than one coding is unheard of in APIs and multiplies the work of a bomb. */
const MAX_CODINGS = 2;

/** Decoders in the order to apply; null when a coding is unknown and the bytes must stay as they are. */
export function decodersOf(contentEncoding: string | undefined): readonly Decoder[] | null {
  const names = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const decoders = names.reverse().map((name) => DECODERS[name]);
  const known = decoders.filter((decoder) => decoder !== undefined);
  return known.length === decoders.length && known.length <= MAX_CODINGS ? known : null;
}

/** Decodes, never to more than `maxBytes`. @throws an error with code `ERR_BUFFER_TOO_LARGE`, or one of zlib. */
export async function decodeBody(
  bytes: Buffer,
  decoders: readonly Decoder[],
  maxBytes: number,
): Promise<Buffer> {
  let result = bytes;
  for (const decoder of decoders) {
    if (result.length > 0)
      result = await decoder(result, { maxOutputLength: Math.max(1, maxBytes) });
  }
  return result;
}
