import { zipSync, type ZipOptions } from 'fflate';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const OPTIONS: ZipOptions = {
  level: 9,
  // The first day that the format knows, in the time zone of the machine: archives hold no zone.
  mtime: new Date(1980, 0, 1),
  os: 3,
  // Lambda runs as another user than the one that unpacks.
  attrs: 0o100644 << 16,
};

/** A zip archive of files, without their times and owners: the same files always make the same archive. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  return zipSync(Object.fromEntries(entries.map(({ name, bytes }) => [name, [bytes, OPTIONS]])));
}
