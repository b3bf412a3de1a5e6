import type { Crypto } from '../platform/crypto.port.js';
import type { EntityName } from '../platform/entities.js';
import type { FieldDescription } from '../platform/entity-catalogue.js';
import type { JsonObject } from '../platform/json.js';
import { archivedEntities, describedEntity } from './archive-entities.js';
import { archiveUnsupported } from './archive.errors.js';

/** Version of the format that is written, and the newest that is read. */
export const ARCHIVE_VERSION = 1;

/** Rows, and about how many characters, stand before a line with a checksum at most. */
export const BATCH_ROWS = 1_000;
export const BATCH_CHARS = 100_000;

/** The first line of an archive. */
export interface ArchiveHeader {
  readonly tenon: 'archive';
  readonly version: number;
  readonly tenantId: string;
  readonly createdAt: string;
  /** What it was exported from, for people. */
  readonly source: string | null;
  /** Fields of every entity as `name:type`, `?` after the type of those that may be null; in the order of the file. */
  readonly entities: Readonly<Record<string, readonly string[]>>;
  /** SHA-256 of `entities`: equal when two archives were made by the same catalogue. */
  readonly fingerprint: string;
  readonly key: {
    /** Of the derivation (scrypt) of the key from what the operator gives. */
    readonly salt: string;
    /** A known text, encrypted: tells a wrong key before anything else happens. */
    readonly check: string;
  };
}

function shapesOf(entity: EntityName): readonly string[] {
  const fields: readonly [string, FieldDescription][] = Object.entries(
    describedEntity(entity).fields,
  );
  return fields.map(([name, { type, optional }]) => `${name}:${type}${optional ? '?' : ''}`);
}

/** The catalogue as archives carry it. */
export function describedCatalogue(
  crypto: Crypto,
): Pick<ArchiveHeader, 'entities' | 'fingerprint'> {
  const described = Object.fromEntries(archivedEntities.map((name) => [name, shapesOf(name)]));
  return { entities: described, fingerprint: crypto.sha256(JSON.stringify(described)) };
}

/** What the checksum of the first line is said to be of. */
export const HEADER = 'header';

/** What begins a line with a row of this entity; then comes its JSON. */
export function rowPrefix(entity: string): string {
  return `{"e":"${entity}","r":`;
}

/** What ends it. */
export const ROW_END = '}\n';

/**
 * Stands after each batch: SHA-256 over the checksum before it, lines since then that are no rows, and the hash of the batch.
 * `rows` counts those of the entity so far.
 */
export function checkLine(entity: string, rows: number, sha256: string): string {
  return `${JSON.stringify({ check: { e: entity, rows, sha256 } })}\n`;
}

/** Stands after an entity. Its checksum is of the content alone, whatever database, key and time the archive is of. */
export function endLine(entity: string, rows: number, sha256: string): string {
  return `${JSON.stringify({ end: { e: entity, rows, sha256 } })}\n`;
}

/** The last line: SHA-256 over the last checksum and the lines since then. */
export function doneLine(rows: number, sha256: string): string {
  return `${JSON.stringify({ done: { rows, sha256 } })}\n`;
}

function isHeader(value: unknown): value is ArchiveHeader {
  const header = value as Partial<ArchiveHeader> | null;
  return (
    header?.tenon === 'archive' &&
    typeof header.version === 'number' &&
    typeof header.tenantId === 'string' &&
    typeof header.entities === 'object' &&
    typeof header.key?.salt === 'string' &&
    typeof header.key.check === 'string'
  );
}

/** Reads the first line. @throws TenonError `ARCHIVE_UNSUPPORTED` for other files and newer versions. */
export function parseHeader(line: string): ArchiveHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  const version = (value as { readonly version?: unknown } | null)?.version;
  if (
    (value as Partial<ArchiveHeader> | null)?.tenon === 'archive' &&
    version !== ARCHIVE_VERSION
  ) {
    throw archiveUnsupported(
      `it has version ${JSON.stringify(version)} of the format, and this app reads version ${ARCHIVE_VERSION}; use a newer app`,
      { version: JSON.stringify(version) },
    );
  }
  if (isHeader(value)) return value;
  throw archiveUnsupported('its first line is none of a tenant archive');
}

/**
 * Whether this app can hold what the archive holds. Fields that it lacks must be optional here.
 * @throws TenonError `ARCHIVE_UNSUPPORTED` naming the entity and the field.
 */
export function assertReadable(header: ArchiveHeader): void {
  for (const [entity, shapes] of Object.entries(header.entities)) {
    if (!archivedEntities.some((name) => name === entity)) {
      throw archiveUnsupported(`it holds '${entity}', which this app does not know`, { entity });
    }
    const own = shapesOf(entity as EntityName);
    const details = (field: string): JsonObject => ({ entity, field });
    for (const shape of shapes) {
      const [field = ''] = shape.split(':');
      const mine = own.find((each) => each.startsWith(`${field}:`));
      if (mine?.replace('?', '') !== shape.replace('?', '')) {
        const what = mine === undefined ? 'does not know' : `keeps as ${mine.split(':')[1] ?? ''}`;
        throw archiveUnsupported(
          `the field '${shape}' of ${entity} is one that this app ${what}`,
          details(field),
        );
      }
    }
    for (const mine of own) {
      const [field = ''] = mine.split(':');
      if (mine.endsWith('?') || shapes.some((shape) => shape.startsWith(`${field}:`))) continue;
      throw archiveUnsupported(`it lacks the field '${mine}' of ${entity}`, details(field));
    }
  }
}
