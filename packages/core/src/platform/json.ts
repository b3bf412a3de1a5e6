/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;

/** An array of JSON values. */
export type JsonArray = readonly JsonValue[];

/** An object of JSON values. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
