import { crc32, deflateRawSync } from 'node:zlib';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATE = 8;
/** 1980-01-01, the first day that the format knows. */
const NO_TIME = 0x0021_0000;
const UNIX = 3 << 8;
const READABLE_BY_ALL = 0o100644 * 0x1_0000;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;

interface Packed {
  readonly name: Buffer;
  readonly data: Buffer;
  readonly crc: number;
  readonly size: number;
}

/** What both headers of a file say, from `at` on. */
function describe(header: Buffer, { name, data, crc, size }: Packed, at: number): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(UTF8_NAMES, at + 2);
  header.writeUInt16LE(DEFLATE, at + 4);
  header.writeUInt32LE(NO_TIME, at + 6);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(data.length, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

function localPart(packed: Packed): Buffer {
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(LOCAL, 0);
  describe(header, packed, 4);
  return Buffer.concat([header, packed.name, packed.data]);
}

function centralPart(packed: Packed, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_BYTES);
  header.writeUInt32LE(CENTRAL, 0);
  header.writeUInt16LE(UNIX | VERSION, 4);
  describe(header, packed, 6);
  // Lambda runs as another user than the one that unpacks.
  header.writeUInt32LE(READABLE_BY_ALL, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, packed.name]);
}

/** A zip archive of files, without their times and owners: the same files always make the same archive. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const packed = {
      name: Buffer.from(name),
      data: deflateRawSync(bytes, { level: 9 }),
      crc: crc32(bytes),
      size: bytes.length,
    };
    const local = localPart(packed);
    centrals.push(centralPart(packed, offset));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
