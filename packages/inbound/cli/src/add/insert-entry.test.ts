import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';

import { Draft } from './draft.js';
import { insertEntry } from './insert-entry.js';
import type { List } from './insert-entry.js';

const code = `added: {\n  run: async () => {\n    await go('there');\n  },\n}`;

function listIn(draft: Draft): List {
  const found: List[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(draft.file);
  if (!found[0]) throw new Error('No list in it');
  return found[0];
}

function inserted(text: string, entry: string): string {
  const draft = new Draft(ts, 'a.ts', text);
  insertEntry(draft, listIn(draft), entry);
  return draft.text;
}

describe('an entry', () => {
  it.each([
    ['{}', '{\n  b: 1,\n}'],
    ['{ a }', '{\n  a,\n  b: 1,\n}'],
    ['{ a, c: 2, }', '{\n  a,\n  c: 2,\n  b: 1,\n}'],
    ['{ /* none */ }', '{ /* none */\n  b: 1,\n}'],
    ['{\n  // none\n}', '{\n  // none\n  b: 1,\n}'],
    ['{\n  a, // why\n}', '{\n  a, // why\n  b: 1,\n}'],
    ['{\n  a // why\n}', '{\n  a, // why\n  b: 1\n}'],
    ['{\n    a,\n    // last\n}', '{\n    a,\n    b: 1,\n    // last\n}'],
    ['{ a,\n  c }', '{ a,\n  c,\n  b: 1\n}'],
    ['[]', '[b: 1]'],
  ])('goes into %j', (list, expected) => {
    const entry = list === '[]' ? 'b' : 'b: 1';
    const result = inserted(`const x = ${list};\n`, entry);
    expect(result).toBe(`const x = ${list === '[]' ? '[b]' : expected};\n`);
  });

  it.each([
    ['[a]', '[a, b]'],
    ['[a,]', '[a, b,]'],
    ['[\n  a,\n]', '[\n  a,\n  b,\n]'],
    ['[\n  a\n]', '[\n  a,\n  b\n]'],
    ['[ /* none */ ]', '[ /* none */\n  b,\n]'],
  ])('goes into %j', (list, expected) => {
    expect(inserted(`const x = ${list};\n`, 'b')).toBe(`const x = ${expected};\n`);
  });

  it('is written as the file is: indentation, quotes, semicolons, line ends', () => {
    const text = 'import { z } from "zod"\r\n\r\nconst x = {\r\n\ta: 1,\r\n}\r\n';
    expect(inserted(text, code)).toBe(
      'import { z } from "zod"\r\n\r\nconst x = {\r\n\ta: 1,\r\n\tadded: {\r\n\t\trun: async () => {\r\n' +
        '\t\t\tawait go("there")\r\n\t\t},\r\n\t},\r\n}\r\n',
    );
  });
});

/** The properties of a list as they are written. */
function entries(text: string): string[] {
  const draft = new Draft(ts, 'a.ts', text);
  const list = listIn(draft);
  const nodes: ts.NodeArray<ts.Node> = ts.isArrayLiteralExpression(list)
    ? list.elements
    : list.properties;
  return nodes.map((node) => node.getText(draft.file));
}

function comments(text: string): string[] {
  return text.match(/\/\*.*?\*\/|\/\/.*/g) ?? [];
}

const values = fc.constantFrom('1', "'two, } ]'", '`a ${b} c`', '{ c: [1, { d }] }', '() => ({})');
const comment = fc.constantFrom('', ' /* a, } */', ' // b ] }', ' // c\n  // d');
const gap = fc.constantFrom(' ', '\n  ', '\n\n    ', '\t', ' /* e { */ ');
const parts = fc.array(fc.record({ value: values, comment, gap }), { maxLength: 5 });
const shape = fc.record({ parts, trailing: fc.boolean(), end: gap, crlf: fc.boolean() });

function listText(of: typeof shape extends fc.Arbitrary<infer T> ? T : never): string {
  const last = of.parts.length - 1;
  const lines = of.parts.map(({ value, comment: after, gap: before }, index) => {
    const comma = index < last || of.trailing ? ',' : '';
    const end = after.includes('//') ? '\n' : '';
    return `${before}a${index}: ${value}${comma}${after}${end}`;
  });
  const text = `const x = {${lines.join('')}${of.end}};\n`;
  return of.crlf ? text.replaceAll('\n', '\r\n') : text;
}

describe('any object', () => {
  it('keeps every entry and comment as it was, in its order, and has the new one last', () => {
    fc.assert(
      fc.property(shape, (of) => {
        const before = listText(of);
        const after = inserted(before, code);
        const [own, now] = [entries(before), entries(after)];
        expect(now.slice(0, -1)).toEqual(own);
        expect(now.at(-1)).toMatch(/^added: \{/);
        const kept = comments(before).map((text) => text.trim());
        expect(comments(after).map((text) => text.trim())).toEqual(kept);
        // Without the new entry, it is what it was but for white space and commas.
        const bare = (text: string): string => text.replaceAll(/[\s,]/g, '');
        expect(bare(after).replace(bare(now.at(-1) ?? ''), '')).toBe(bare(before));
        expect(after.includes('\r\n')).toBe(before.includes('\r\n') || of.crlf);
        expect(/(?<!\r)\n/.test(after)).toBe(!of.crlf);
      }),
    );
  });
});
