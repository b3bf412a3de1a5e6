import { TenonError } from '@tenon/core';

/** `ARCHIVE_FILE_EXISTS`, `ARCHIVE_FILE_INCOMPLETE`, `ARCHIVE_FILE_UNUSABLE`: something about the file of an archive. */
export class ArchiveFileError extends TenonError {
  override readonly name = 'ArchiveFileError';

  constructor(
    code: 'ARCHIVE_FILE_EXISTS' | 'ARCHIVE_FILE_INCOMPLETE' | 'ARCHIVE_FILE_UNUSABLE',
    message: string,
    cause?: unknown,
  ) {
    const category = code === 'ARCHIVE_FILE_EXISTS' ? 'conflict' : 'validation';
    super({ code, category, message, ...(cause !== undefined && { cause }) });
  }
}

/** Runs `work` on a file; what the system says becomes an error that names the file. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (error instanceof ArchiveFileError || code === undefined) throw error;
    throw new ArchiveFileError('ARCHIVE_FILE_UNUSABLE', `${path} cannot be used: ${code}`, error);
  }
}
