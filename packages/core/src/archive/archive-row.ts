import type { EntityName } from '../platform/entities.js';
import type { FieldDescription, FieldType } from '../platform/entity-catalogue.js';
import { Secret } from '../platform/secret.js';
import { canonicalJson } from './canonical-json.js';
import { describedEntity } from './archive-entities.js';
import type { ArchiveRow, ArchiveValue } from './tenant-archive.port.js';

/** What stands in a row's text in place of a secret. */
export type ShownSecrets = Readonly<Record<string, string>>;

type Show = (value: ArchiveValue) => string;

/** Rows that were written together often have the same moment. */
let lastMoment = NaN;
let lastMomentText = '';

function momentText(value: Date): string {
  const moment = value.getTime();
  if (moment !== lastMoment) {
    lastMomentText = `"${value.toISOString()}"`;
    lastMoment = moment;
  }
  return lastMomentText;
}

const SHOW: Readonly<Record<Exclude<FieldType, 'secret'>, Show>> = {
  id: (value) => JSON.stringify(value),
  text: (value) => JSON.stringify(value),
  // A set: databases and adapters may list it in any order.
  ids: (value) => canonicalJson([...(value as readonly string[])].sort()),
  texts: canonicalJson,
  json: canonicalJson,
  whole: String,
  flag: String,
  whole64: (value) => `"${(value as bigint).toString()}"`,
  moment: (value) => momentText(value as Date),
};

interface Member {
  readonly name: string;
  /** `,"createdAt":` */
  readonly head: string;
  readonly show: Show | null;
}

const MEMBERS = new Map<EntityName, readonly Member[]>();

function membersOf(entity: EntityName): readonly Member[] {
  const known = MEMBERS.get(entity);
  if (known) return known;
  const described = Object.entries(describedEntity(entity).fields);
  const members = described.map(([name, { type }]: [string, FieldDescription], index) => ({
    name,
    head: `${index === 0 ? '' : ','}${JSON.stringify(name)}:`,
    show: type === 'secret' ? null : SHOW[type],
  }));
  MEMBERS.set(entity, members);
  return members;
}

/** A secret's content as text: equal for equal secrets. */
export function secretText(value: ArchiveValue): string {
  return canonicalJson(value instanceof Secret ? value.reveal() : value);
}

/**
 * The row as JSON, in one form for equal rows whatever database they come from: fields in the order of the catalogue, moments as
 * ISO 8601, 64-bit numbers as text, the members of JSON sorted. `secrets` holds the JSON texts that stand for secrets.
 */
export function archiveRowText(
  entity: EntityName,
  row: ArchiveRow,
  secrets: ShownSecrets = {},
): string {
  let text = '{';
  for (const { name, head, show } of membersOf(entity)) {
    const value = row[name] ?? null;
    if (value === null) text += `${head}null`;
    else text += head + (show ? show(value) : (secrets[name] ?? '"[secret]"'));
  }
  return `${text}}`;
}

const SECRETS = new Map<EntityName, readonly string[]>();

/** Names of an entity's secret fields. */
export function secretNames(entity: EntityName): readonly string[] {
  const known = SECRETS.get(entity);
  if (known) return known;
  const members = membersOf(entity).filter(({ show }) => show === null);
  const names = members.map(({ name }) => name);
  SECRETS.set(entity, names);
  return names;
}

/** A row that was read from its text, and still has it. Copies of it have none. */
export class TextRow {
  readonly #text: string;
  [field: string]: ArchiveValue;

  constructor(text: string) {
    this.#text = text;
  }

  static textOf(row: ArchiveRow): string | null {
    return #text in row ? row.#text : null;
  }
}

/** The JSON that a row without secrets was read from, or else is written as. */
export function givenRowText(entity: EntityName, row: ArchiveRow): string {
  return TextRow.textOf(row) ?? archiveRowText(entity, row);
}

function revealed(entity: EntityName, row: ArchiveRow): ShownSecrets {
  const names = secretNames(entity).filter((name) => row[name] !== null);
  return Object.fromEntries(names.map((name) => [name, secretText(row[name] ?? null)]));
}

/** Whether two rows hold the same values, secrets included. */
export function sameArchiveRow(entity: EntityName, a: ArchiveRow, b: ArchiveRow): boolean {
  const [left, right] = [a, b].map((row) => archiveRowText(entity, row, revealed(entity, row)));
  return left === right;
}
