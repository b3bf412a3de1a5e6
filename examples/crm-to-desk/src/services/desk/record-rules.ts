/** Why the desk does not take a record. */
export interface Rejection {
  readonly code:
    | 'external_id_missing'
    | 'name_missing'
    | 'name_too_short'
    | 'name_has_digits'
    | 'invalid_field'
    | 'too_large';
  readonly message: string;
}

/** A field of a record on the desk. */
export type FieldValue = string | number | boolean | null;

const SHORTEST_NAME = 4;
const LONGEST_ID = 200;
const MOST_FIELDS = 50;
// At most six bytes per character in JSON: a record fits into the store.
const LONGEST_TEXT = 8192;

/**
 * The desk's rule for names: at least four characters and no digit. A pure function, so that one can
 * count beforehand how many records of a source the desk will refuse.
 * @returns undefined when the name is taken.
 */
export function nameRejection(name: unknown): Rejection | undefined {
  if (typeof name !== 'string' || name.trim() === '') {
    return { code: 'name_missing', message: 'A record needs a name.' };
  }
  if (Array.from(name.trim()).length < SHORTEST_NAME) {
    const message = `A name has at least ${SHORTEST_NAME} characters.`;
    return { code: 'name_too_short', message };
  }
  if (/\p{Nd}/u.test(name)) return { code: 'name_has_digits', message: 'A name has no digits.' };
  return undefined;
}

/** Everything the desk asks of one record; undefined when it is taken. */
export function recordRejection(record: Readonly<Record<string, unknown>>): Rejection | undefined {
  const { externalId, ...fields } = record;
  if (typeof externalId !== 'string' || externalId === '' || externalId.length > LONGEST_ID) {
    const message = `A record needs an externalId of 1 to ${LONGEST_ID} characters.`;
    return { code: 'external_id_missing', message };
  }
  return fieldsRejection(fields) ?? nameRejection(fields['name']);
}

function fieldsRejection(fields: Readonly<Record<string, unknown>>): Rejection | undefined {
  let count = 0;
  let length = 0;
  for (const [field, value] of Object.entries(fields)) {
    if (!isFieldValue(value)) {
      const message = `${field} must be a text, number, boolean or null.`;
      return { code: 'invalid_field', message };
    }
    count += 1;
    length += field.length + (typeof value === 'string' ? value.length : 0);
  }
  if (count <= MOST_FIELDS && length <= LONGEST_TEXT) return undefined;
  const message = `A record has at most ${MOST_FIELDS} fields and ${LONGEST_TEXT} characters.`;
  return { code: 'too_large', message };
}

function isFieldValue(value: unknown): value is FieldValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
