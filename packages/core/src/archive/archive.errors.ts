import type { JsonObject } from '../platform/json.js';
import { TenonError } from '../platform/tenon.error.js';

/** Where in an archive something is wrong. */
export interface ArchivePlace {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly entity: string | null;
}

function placed({ line, entity }: ArchivePlace): string {
  return `line ${line}${entity === null ? '' : `, ${entity}`}`;
}

/** `ARCHIVE_DAMAGED`: bytes were changed, lost or added since the archive was written. */
export function archiveDamaged(place: ArchivePlace, what: string): TenonError {
  return new TenonError({
    code: 'ARCHIVE_DAMAGED',
    category: 'validation',
    message: `The archive is damaged (${placed(place)}): ${what}. Take another copy of the file, or export again`,
    details: { ...place },
  });
}

/** `ARCHIVE_TRUNCATED`: the end is missing. */
export function archiveTruncated(place: ArchivePlace): TenonError {
  return new TenonError({
    code: 'ARCHIVE_TRUNCATED',
    category: 'validation',
    message: `The archive ends before it is complete (${placed(place)}): the export was interrupted, or the file cut off. Resume the export, or take the whole file`,
    details: { ...place },
  });
}

/** `ARCHIVE_UNSUPPORTED`: the archive is whole, but not of this version of the app. */
export function archiveUnsupported(what: string, details: JsonObject = {}): TenonError {
  return new TenonError({
    code: 'ARCHIVE_UNSUPPORTED',
    category: 'validation',
    message: `The archive does not fit this app: ${what}`,
    details,
  });
}

/** `ARCHIVE_KEY_WRONG`: the secrets were encrypted with another key. */
export function archiveKeyWrong(cause?: unknown): TenonError {
  return new TenonError({
    code: 'ARCHIVE_KEY_WRONG',
    category: 'validation',
    message: 'The archive was made with another archive key; give the one of its export',
    ...(cause !== undefined && { cause }),
  });
}

/** `ARCHIVE_SOURCE_CHANGED`: what an interrupted export has written is not what it would write now. */
export function archiveSourceChanged(what: string, details: JsonObject = {}): TenonError {
  return new TenonError({
    code: 'ARCHIVE_SOURCE_CHANGED',
    category: 'conflict',
    message: `The export cannot go on: ${what}. Begin a new one`,
    details,
  });
}

/** `ARCHIVE_TENANT_EXISTS`: an import would mix with what is there. */
export function archiveTenantExists(tenantId: string, what: string): TenonError {
  return new TenonError({
    code: 'ARCHIVE_TENANT_EXISTS',
    category: 'conflict',
    message: `The tenant '${tenantId}' is in this database already: ${what}`,
    details: { tenantId },
  });
}

/** `ARCHIVE_ROW_DIFFERS`: the database holds other values for rows of the archive. Those were left as they are. */
export function archiveRowDiffers(
  entity: string,
  keys: readonly (readonly string[])[],
): TenonError {
  const first = (keys[0] ?? []).join(', ').slice(0, 200);
  return new TenonError({
    code: 'ARCHIVE_ROW_DIFFERS',
    category: 'conflict',
    message: `${keys.length} rows of ${entity} are in the database with other values, the first with the key (${first}); they were left as they are`,
    details: { entity, rows: keys.length, first },
  });
}

/** `ARCHIVE_CHECK_FAILED`: what was imported is not what the archive holds. */
export function archiveCheckFailed(entity: string, what: string): TenonError {
  return new TenonError({
    code: 'ARCHIVE_CHECK_FAILED',
    category: 'conflict',
    message: `After the import, ${entity} is not what the archive holds: ${what}. The tenant stays suspended`,
    details: { entity },
  });
}
