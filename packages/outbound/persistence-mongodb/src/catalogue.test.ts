import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describedEntity, entities, type EntityName } from '@tenon/core';
import { codecOf } from './document.js';
import { INDEXES, type IndexDescription } from './indexes.js';
import { UNIQUE_KEYS } from './unique-keys.js';

const schema = readFileSync(
  new URL('../../../../prisma-mongodb/schema.prisma', import.meta.url),
  'utf8',
);

/** Bodies of the models, by the name of their collection. */
const models = new Map(
  [...schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].map((match) => {
    const body = match[1] ?? '';
    return [/@@map\("(\w+)"\)/.exec(body)?.[1] ?? '', body] as const;
  }),
);

interface Field {
  readonly name: string;
  readonly type: string;
  readonly note: string;
  readonly isId: boolean;
}

function fieldsOf(table: string): readonly Field[] {
  const lines = (models.get(table) ?? '').split('\n');
  return lines.flatMap((line, index) => {
    const [, name, type] = /^ {2}(\w+) +(\w+(?:\[\])?\??)/.exec(line) ?? [];
    if (name === undefined || type === undefined) return [];
    const note = /\/\/\/ (.*)/.exec(lines[index - 1] ?? '')?.[1] ?? '';
    return [{ name, type, note, isId: line.includes('@id @map("_id")') }];
  });
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ id: 'String', ids: 'String[]', text: 'String', texts: 'String[]', secret: 'String' },
  ...{ whole: 'Int', whole64: 'BigInt', flag: 'Boolean', json: 'String', moment: 'DateTime' },
};

const NOTES: Readonly<Record<string, string>> = { json: 'JSON as text.', secret: 'Encrypted.' };

function indexesOf(table: string, idField: string): readonly IndexDescription[] {
  const lines = (models.get(table) ?? '').split('\n');
  return lines.flatMap((line, number) => {
    const [, kind, list = '', name = ''] =
      /@@(unique|index)\(\[(.*)\], map: "(\w+)"\)/.exec(line) ?? [];
    if (kind === undefined) return [];
    const key = list.split(', ').map((part) => {
      const field = part.replace('(sort: Desc)', '');
      return [field === idField ? '_id' : field, part.endsWith('(sort: Desc)') ? -1 : 1] as const;
    });
    const where = /\/\/\/ Where (\w+) is set/.exec(lines[number - 1] ?? '')?.[1];
    return [
      {
        ...{ table, name, key: Object.fromEntries(key), unique: kind === 'unique' },
        ...(where !== undefined && { where }),
      },
    ];
  });
}

const byName = (a: IndexDescription, b: IndexDescription): number => (a.name < b.name ? -1 : 1);

describe('prisma-mongodb/schema.prisma', () => {
  it('describes exactly the collections of the catalogue', () => {
    const described = Object.values(entities).map(({ table }) => table);
    expect([...models.keys()].sort()).toEqual([...described].sort());
  });

  it.each(Object.keys(entities) as EntityName[])('describes %s as it is stored', (entity) => {
    const { table, fields } = describedEntity(entity);
    const codec = codecOf(entity);
    const known = fieldsOf(table).filter(({ name }) => name !== 'documentId');
    const expected = Object.entries(fields).map(([name, { type, optional }]): Field => {
      const isStructured = entity === 'installations' && name === 'messages';
      return {
        name,
        type: (isStructured ? 'Json' : (TYPES[type] ?? '')) + (optional ? '?' : ''),
        note: isStructured ? '' : (NOTES[type] ?? ''),
        isId: codec.nameOf(name) === '_id',
      };
    });
    expect(known).toEqual(expected);
    const ids = fieldsOf(table).filter(({ isId }) => isId);
    expect(ids).toHaveLength(1);
    const key =
      codec.keyParts.length > 1 ? `${codec.keyParts.join(', ')}, with U+0000 between.` : '';
    if (key !== '') expect(ids[0]).toMatchObject({ name: 'documentId', note: key });
  });

  it.each(Object.keys(entities) as EntityName[])('describes the indexes of %s', (entity) => {
    const { table } = describedEntity(entity);
    const made = INDEXES.filter((index) => index.table === table);
    const { keyParts } = codecOf(entity);
    const described = indexesOf(table, keyParts.length === 1 ? (keyParts[0] ?? '') : 'documentId');
    expect([...described].sort(byName)).toEqual([...made].sort(byName));
  });
});

describe('unique indexes', () => {
  it('are each named to callers by their thing and key', () => {
    const unique = INDEXES.filter((index) => index.unique).map(({ name }) => name);
    expect(unique.filter((name) => !(name in UNIQUE_KEYS))).toEqual([]);
  });
});
