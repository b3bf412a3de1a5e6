import { InputCheck } from '../platform/input-check.js';
import { toJsonValue } from '../platform/to-json.js';
import { utf8Length } from '../platform/utf8.js';
import type { StateWrite } from './key-value-repository.port.js';
import { MAX_STATE_VALUE_BYTES, type StateScope } from './state-entry.js';

/** Half of a surrogate pair is no character, and databases refuse NUL. */
const BROKEN = /[\0\p{Cs}]/u;

/** Whether a text may be a key of `max` characters. */
function isKey(text: string, max: number): boolean {
  return text.length >= 1 && text.length <= max && !BROKEN.test(text);
}

/**
 * What every adapter checks before it writes.
 * @throws ValidationError when namespace, key or value are too long or cannot be stored as they are.
 */
export function checkStateWrite(scope: StateScope, write: StateWrite): void {
  const check = new InputCheck('The state');
  const well = 'characters, without NUL and halves of surrogate pairs';
  check.expect(isKey(scope.namespace, 100), 'namespace', `1 to 100 ${well}`);
  check.expect(isKey(write.key, 500), 'key', `1 to 500 ${well}`);
  const bytes = utf8Length(JSON.stringify(toJsonValue(write.value, 'The state', 'value')));
  check.expect(
    bytes <= MAX_STATE_VALUE_BYTES,
    'value',
    `at most ${MAX_STATE_VALUE_BYTES} bytes of JSON (it has ${bytes}); keep larger ones as files`,
  );
  check.done();
}

const LAST = 0x10ffff;

/**
 * The first text after all that begin with `prefix`, by code point; null when there is none. With it a scan is a range that
 * every ordered index serves.
 */
export function prefixEnd(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === LAST) continue;
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return null;
}
