import { isId, ValidationError } from '@tenon/core';

/** Whether all are UUIDs. Others name no row. Undefined and null stand for "any". */
export function areIds(...ids: readonly (string | null | undefined)[]): boolean {
  return ids.every((id) => id === undefined || id === null || isId(id));
}

const HALF_A_PAIR = /\p{Surrogate}/u;

/** BSON is UTF-8, where half a surrogate pair would silently become another character. @throws ValidationError. */
export function checkText(text: string): string {
  if (!HALF_A_PAIR.test(text)) return text;
  throw new ValidationError('The value to store', [
    { path: '', message: 'text has half a surrogate pair' },
  ]);
}
