/** Makes ids: UUIDv7 strings (RFC 9562), sortable by the time of their making, the same in every database. */
export interface IdGenerator {
  /** A new id. Ids made by one generator never sort before ids that it made earlier. */
  next<Id extends string = string>(): Id;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID. Adapters answer "not found" for ids that are none, without asking the database. */
export function isId(value: string): boolean {
  return UUID.test(value);
}
