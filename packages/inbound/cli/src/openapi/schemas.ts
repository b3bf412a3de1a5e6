import { fieldsOf, isFields, listOf, pointerOf, textOf } from './description.js';
import type { Description, Fields } from './description.js';
import { pascalOf, UniqueNames } from './type-names.js';

const MAX_DEPTH = 40;

/** Names that the generated file has of its own, or that would hide types of the language. */
const RESERVED = [
  ...[
    'ApiCallOptions',
    'ApiClient',
    'CallOptions',
    'JsonBody',
    'JsonValue',
    'Array',
    'Boolean',
    'Date',
    'Error',
    'Map',
    'Number',
    'Object',
  ],
  ...['Omit', 'Partial', 'Pick', 'Promise', 'Readonly', 'Record', 'Set', 'String', 'Uint8Array'],
];

function isPlain(value: unknown): boolean {
  return value === null || /^(string|number|boolean)$/.test(typeof value);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** What the generator of types gets of a schema itself. Objects among the values could ask it to read other files. */
const KEPT: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) => typeof value === 'string' || areTexts(value),
  enum: (value) => Array.isArray(value) && value.length > 0 && value.every(isPlain),
  const: isPlain,
  description: (value) => typeof value === 'string',
  required: areTexts,
  deprecated: (value) => typeof value === 'boolean',
};

/** The schemas of a description in the form that types are generated from. */
export class Schemas {
  /** Names of types that nothing has yet. */
  readonly names = new UniqueNames(RESERVED);
  readonly #description: Description;
  readonly #named = new Map<string, string>();

  constructor(description: Description) {
    this.#description = description;
    const schemas = fieldsOf(fieldsOf(description.root, 'components'), 'schemas');
    for (const name of Object.keys(schemas)) {
      this.#named.set(name, this.names.take(pascalOf(name, 'Type')));
    }
  }

  /** The named schemas with the names of their types. */
  all(): readonly (readonly [type: string, schema: unknown])[] {
    const schemas = fieldsOf(fieldsOf(this.#description.root, 'components'), 'schemas');
    return [...this.#named].map(([name, type]) => [type, schemas[name]]);
  }

  /** What a schema means, following references: for questions about it, not for its type. */
  meaning(schema: unknown): Fields {
    return this.#description.follow(schema);
  }

  /** A schema without what types do not show; references to named ones become their types. */
  typed(schema: unknown, depth = 0): Fields {
    if (!isFields(schema) || depth > MAX_DEPTH) return {};
    const ref = textOf(schema, '$ref');
    if (ref !== null) return this.#referred(ref, depth);
    const kept = Object.entries(schema).filter(([key, value]) => KEPT[key]?.(value));
    return this.#nullable(schema, {
      ...Object.fromEntries(kept),
      ...this.#below(schema, depth + 1),
    });
  }

  #referred(ref: string, depth: number): Fields {
    const [first, second, name, ...rest] = pointerOf(ref);
    const type = first === 'components' && second === 'schemas' && this.#named.get(name ?? '');
    if (type && rest.length === 0) return { tsType: type };
    return this.typed(this.#description.follow({ $ref: ref }), depth + 1);
  }

  #below(schema: Fields, depth: number): Fields {
    const below: Record<string, unknown> = {};
    if (isFields(schema['properties'])) {
      const entries = Object.entries(schema['properties']);
      below['properties'] = Object.fromEntries(
        entries.map(([name, each]) => [name, this.typed(each, depth)]),
      );
      if (schema['type'] === undefined) below['type'] = 'object';
    }
    if (isFields(schema['items'])) below['items'] = this.typed(schema['items'], depth);
    const others = schema['additionalProperties'];
    // A type for all other members would have to fit the named ones as well.
    const free = others === true || (isFields(others) && below['properties'] !== undefined);
    if (free) below['additionalProperties'] = true;
    else if (isFields(others)) below['additionalProperties'] = this.typed(others, depth);
    for (const key of ['allOf', 'oneOf', 'anyOf']) {
      const branches = listOf(schema, key)
        .map((each) => this.typed(each, depth))
        .filter((each) => Object.keys(each).some((name) => name !== 'required'));
      if (branches.length > 0) below[key] = branches;
    }
    return below;
  }

  /** Version 3.0 says `nullable`, version 3.1 a type `null`. */
  #nullable(schema: Fields, typed: Fields): Fields {
    if (schema['nullable'] !== true) return typed;
    const { type, enum: values } = typed;
    if (typeof type === 'string') {
      const withNull = Array.isArray(values) && {
        enum: [...(values as unknown[]), null],
      };
      return { ...typed, type: [type, 'null'], ...withNull };
    }
    return { anyOf: [typed, { type: 'null' }] };
  }
}
