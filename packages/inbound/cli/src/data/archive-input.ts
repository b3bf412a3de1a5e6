import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { UsageError } from '../cli.errors.js';
import type { Io } from '../io.js';
import { ArchiveFileError, onFile } from './archive-file.errors.js';

/** An archive that is read. */
export interface ArchiveInput {
  readonly text: AsyncIterable<string>;
  /** Part of it that was read, from 0 to 1; null when its size is not known. */
  readonly portion: () => number | null;
}

const PIECE_BYTES = 65_536;
const TAIL_BYTES = 512;
const LAST_LINE = /^\{"done":\{[^\n]*\}\}\n$/;

/** The text of a file, in pieces. */
export async function* textOf(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<string> {
  const stream = createReadStream(path, { highWaterMark: PIECE_BYTES });
  yield* decoded(stream, onBytes);
}

async function* decoded(
  bytes: AsyncIterable<unknown>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) {
    onBytes((piece as Buffer).length);
    yield decoder.decode(piece as Buffer, { stream: true });
  }
  yield decoder.decode();
}

/** The end tells whether a file is whole, before anything of it is written. */
async function assertComplete(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const last = buffer.toString('latin1').replace(/[^]*\n(?=[^\n])/, '');
    if (LAST_LINE.test(last)) return size;
    throw new ArchiveFileError(
      'ARCHIVE_FILE_INCOMPLETE',
      `${path} is no whole archive: its last line is none that ends one. Run its export again, which goes on where it stopped, or take the whole file; 'tenon data verify' tells how far it goes`,
    );
  } finally {
    await handle.close();
  }
}

/**
 * Opens a file for reading, or standard input for `-`.
 * @throws ArchiveFileError when it cannot be read; with `complete`, also when its end is missing.
 */
export async function openInput(
  io: Io,
  path: string,
  { complete }: { readonly complete: boolean },
): Promise<ArchiveInput> {
  let read = 0;
  const onBytes = (bytes: number): void => {
    read += bytes;
  };
  if (path === '-') {
    if (!io.stdin) throw new UsageError('There is no standard input here');
    return { text: decoded(io.stdin, onBytes), portion: () => null };
  }
  const size = await onFile(path, async () => {
    if (complete) return assertComplete(path);
    const handle = await open(path, 'r');
    const { size: bytes } = await handle.stat();
    await handle.close();
    return bytes;
  });
  return { text: textOf(path, onBytes), portion: () => (size === 0 ? 1 : read / size) };
}
