import { existsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveChunk } from '@tenon/core';
import type { Io, TextOutput } from '../io.js';
import { ArchiveFileError, onFile } from './archive-file.errors.js';
import { textOf } from './archive-input.js';

/** Where an archive is written. */
export interface ArchiveOutput {
  /** For people. */
  readonly name: string;
  /** What an interrupted export left; null when there is nothing. */
  readonly resume: AsyncIterable<string> | null;
  write(chunk: ArchiveChunk): Promise<void>;
  /** The archive is complete. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Until it is complete, an archive has another name. */
const UNFINISHED = '.part';

class FileOutput implements ArchiveOutput {
  #position = 0;

  private constructor(
    readonly name: string,
    private readonly handle: FileHandle,
    readonly resume: AsyncIterable<string> | null,
  ) {}

  static async open(path: string, fresh: boolean): Promise<FileOutput> {
    if (existsSync(path)) {
      const message = `There is ${path} already: name another file, or remove it`;
      throw new ArchiveFileError('ARCHIVE_FILE_EXISTS', message);
    }
    const unfinished = path + UNFINISHED;
    return onFile(unfinished, async () => {
      if (fresh) await rm(unfinished, { force: true });
      const isBegun = existsSync(unfinished);
      // Archives hold what no other user of the machine may read.
      const handle = await open(unfinished, isBegun ? 'r+' : 'wx', 0o600);
      return new FileOutput(path, handle, isBegun ? textOf(unfinished) : null);
    });
  }

  async write({ text, cutAt }: ArchiveChunk): Promise<void> {
    await onFile(this.name + UNFINISHED, async () => {
      if (cutAt !== null) {
        await this.handle.truncate(cutAt);
        this.#position = cutAt;
      }
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length;) {
        const left = bytes.length - done;
        const { bytesWritten } = await this.handle.write(bytes, done, left, this.#position + done);
        done += bytesWritten;
      }
      this.#position += bytes.length;
    });
  }

  async finish(): Promise<void> {
    await onFile(this.name, async () => {
      await this.handle.sync();
      await rename(this.name + UNFINISHED, this.name);
    });
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Resolves when more may be written. */
async function drained(output: TextOutput): Promise<void> {
  if (!('once' in output)) return;
  const stream = output as unknown as NodeJS.WritableStream;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}

function streamOutput(output: TextOutput): ArchiveOutput {
  return {
    name: 'standard output',
    resume: null,
    write: async ({ text }) => {
      if (text !== '' && output.write(text) === false) await drained(output);
    },
    finish: async () => undefined,
    close: async () => undefined,
  };
}

/**
 * Opens a file for an archive (in a folder, one named after the tenant), or standard output for `-`. What an interrupted export
 * left there is gone on with, unless `fresh`.
 * @throws ArchiveFileError.
 */
export async function openOutput(
  io: Io,
  out: string,
  { tenantId, fresh }: { readonly tenantId: string; readonly fresh: boolean },
): Promise<ArchiveOutput> {
  if (out === '-') return streamOutput(io.stdout);
  const isFolder = out.endsWith('/') || (existsSync(out) && statSync(out).isDirectory());
  return FileOutput.open(isFolder ? join(out, `${tenantId}.ndjson`) : out, fresh);
}
