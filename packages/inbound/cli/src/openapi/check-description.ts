import { isFields, pointerOf, textOf } from './description.js';
import type { Description, Pointer } from './description.js';

/** Members that hold data, in which nothing is a reference. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);
/** Members whose keys are names of somebody's choice. */
const NAMED = new Set(['properties', 'patternProperties', 'schemas', 'responses', 'parameters']);

function checkRef(description: Description, pointer: Pointer, ref: string): void {
  if (!ref.startsWith('#')) {
    throw description.error(
      [...pointer, '$ref'],
      `'${ref.slice(0, 200)}' is outside of this file; bundle the description into one file first`,
    );
  }
  if (description.at(pointerOf(ref)) === undefined) {
    throw description.error([...pointer, '$ref'], `'${ref.slice(0, 200)}' refers to nothing`);
  }
}

function checkRefs(description: Description, value: unknown, pointer: Pointer): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkRefs(description, item, [...pointer, String(index)]);
    });
  }
  if (!isFields(value)) return;
  const named = NAMED.has(pointer.at(-1) ?? '');
  const ref = named ? null : textOf(value, '$ref');
  if (ref !== null) checkRef(description, pointer, ref);
  for (const [key, member] of Object.entries(value)) {
    if (named || !(DATA.has(key) || key.startsWith('x-'))) {
      checkRefs(description, member, [...pointer, key]);
    }
  }
}

/** @throws OpenApiError when it is no OpenAPI 3 description, or when a reference leads nowhere. */
export function checkDescription(description: Description): void {
  const { root } = description;
  const version = textOf(root, 'openapi');
  if (version === null) {
    const old =
      root['swagger'] === undefined ? '' : '; it is Swagger 2.0, which has to be converted first';
    throw description.error([], `the member 'openapi' is missing${old}`);
  }
  if (!/^3\.[01]\./.test(version)) {
    throw description.error(
      ['openapi'],
      `version 3.0 or 3.1 is wanted, not '${version.slice(0, 20)}'`,
    );
  }
  if (!isFields(root['paths'])) throw description.error([], "the member 'paths' is missing");
  checkRefs(description, root, []);
}
