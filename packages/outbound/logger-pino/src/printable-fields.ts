import type { LogFields } from '@tenon/core';
import { printable } from './printable.js';

/** What every line has already. */
const OWN: ReadonlySet<string> = new Set(['level', 'time', 'message']);

/** The fields of a line as plain data that is safe to print, none of them in place of the line's own. Never throws. */
export function printableFields(fields: LogFields): Record<string, unknown> {
  try {
    const result = printable(fields) as Record<string, unknown>;
    for (const name of OWN) {
      if (!(name in result)) continue;
      result[`field.${name}`] = result[name];
      Reflect.deleteProperty(result, name);
    }
    return result;
  } catch {
    return { fields: '[unprintable]' };
  }
}
