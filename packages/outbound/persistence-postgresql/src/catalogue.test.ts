import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { columnName, describedEntity, entities } from '@tenon/core';
import type { EntityDescription, EntityName } from '@tenon/core';

const SCHEMA = new URL('../../../../prisma-postgresql/schema.prisma', import.meta.url);

/** Field types of the catalogue that a column may have. */
function typesOf(type: string, native: string): readonly string[] {
  if (type === 'String') return native === 'Uuid' ? ['id'] : ['text', 'secret'];
  if (type === 'String[]') return native === 'Uuid' ? ['ids'] : ['texts'];
  const others: Readonly<Record<string, readonly string[]>> = {
    Int: ['whole'],
    BigInt: ['whole', 'whole64'],
    Boolean: ['flag'],
    Json: ['json'],
    DateTime: ['moment'],
  };
  return others[type] ?? [];
}

interface Column {
  readonly name: string;
  readonly column: string;
  readonly types: readonly string[];
  readonly optional: boolean;
  readonly encrypted: boolean;
}

interface Model {
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
}

function columnOf(line: string, comment: string): Column | null {
  const [, name = '', type = '', optional] = /^\s+(\w+)\s+(\w+(?:\[\])?)(\?)?/.exec(line) ?? [];
  const types = typesOf(type, /@db\.(\w+)/.exec(line)?.[1] ?? '');
  if (types.length === 0) return null;
  const column = /@map\("(\w+)"\)/.exec(line)?.[1] ?? name;
  const encrypted = comment.includes('/// Encrypted');
  return { name, column, types, optional: optional !== undefined, encrypted };
}

function modelOf(body: string): Model {
  const lines = body.split('\n');
  const columns = lines
    .filter((line) => /^\s+\w/.test(line))
    .map((line) => columnOf(line, lines[lines.indexOf(line) - 1] ?? ''))
    .filter((column) => column !== null);
  const several = /@@id\(\[([^\]]*)\]/.exec(body)?.[1];
  const single = /^\s+(\w+).*@id/m.exec(body)?.[1] ?? '';
  return {
    table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '',
    key: several?.split(',').map((field) => field.trim()) ?? [single],
    columns,
  };
}

function models(): readonly Model[] {
  const schema = readFileSync(SCHEMA, 'utf8');
  return [...schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].map((match) =>
    modelOf(match[1] ?? ''),
  );
}

describe('the catalogue of entities', () => {
  const found = new Map(models().map((model) => [model.table, model]));

  it('describes exactly the tables of the schema', () => {
    const described = Object.values(entities).map(({ table }: EntityDescription) => table);
    expect(described.sort()).toEqual([...found.keys()].sort());
    expect(found.size).toBeGreaterThan(10);
  });

  it.each(Object.keys(entities) as EntityName[])('describes %s as it is stored', (entity) => {
    const { table, key, fields } = describedEntity(entity);
    const model = found.get(table);
    expect(key).toEqual(model?.key);
    const stored = model?.columns.map(({ name, column, types, optional, encrypted }) => {
      const described = fields[name];
      const type = encrypted ? 'secret' : types.find((each) => each === described?.type);
      return { name, column, type: type ?? types, optional };
    });
    const described = Object.entries(fields).map(([name, { type, optional }]) => {
      return { name, column: columnName(name), type, optional };
    });
    expect(described).toEqual(stored);
  });
});
