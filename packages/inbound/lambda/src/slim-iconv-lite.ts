import { StringDecoder } from 'node:string_decoder';

/**
 * Stands in for the `iconv-lite` package in bundles: the character sets that Node decodes itself. The tables of all
 * others are more than half of a bundled Express app. Bodies in other character sets are refused with 415.
 */
const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  utf8: 'utf8',
  unicode11utf8: 'utf8',
  usascii: 'latin1',
  ascii: 'latin1',
  latin1: 'latin1',
  iso88591: 'latin1',
  utf16le: 'utf16le',
  ucs2: 'utf16le',
};

function lookUp(encoding: string): BufferEncoding {
  const known = ENCODINGS[encoding.toLowerCase().replace(/[^a-z0-9]/g, '')];
  // `raw-body` knows the error by this text.
  if (known === undefined) throw new Error(`Encoding not recognized: '${encoding}'`);
  return known;
}

/** Whether a character set can be decoded. */
export function encodingExists(encoding: string): boolean {
  return ENCODINGS[encoding.toLowerCase().replace(/[^a-z0-9]/g, '')] !== undefined;
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Bytes to text. */
export function decode(bytes: Buffer, encoding: string): string {
  return withoutByteOrderMark(bytes.toString(lookUp(encoding)));
}

/** Text to bytes. */
export function encode(text: string, encoding: string): Buffer {
  return Buffer.from(text, lookUp(encoding));
}

/** Bytes to text, piece by piece. */
export function getDecoder(encoding: string): {
  write(bytes: Buffer): string;
  end(): string | undefined;
} {
  const decoder = new StringDecoder(lookUp(encoding));
  let first = true;
  return {
    write: (bytes) => {
      const text = decoder.write(bytes);
      if (!first || text === '') return text;
      first = false;
      return withoutByteOrderMark(text);
    },
    end: () => decoder.end(),
  };
}
