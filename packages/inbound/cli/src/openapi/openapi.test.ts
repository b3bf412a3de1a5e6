import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';

import { authSectionOf, baseUrlOf } from './auth-section.js';
import { clientOf } from './client-source.js';
import { cwd, described, minimal, ok, request } from './described.fixture.js';
import { pointerOf, readDescription } from './description.js';
import { camelOf, pascalOf } from './type-names.js';

describe('ways to sign in', () => {
  it.each([
    [{ type: 'apiKey', in: 'header', name: 'X-Key' }, "placement: { in: 'header', name: 'x-key' }"],
    [{ type: 'apiKey', in: 'query', name: 'Key' }, "placement: { in: 'query', name: 'Key' }"],
    [{ type: 'http', scheme: 'Basic' }, "{ type: 'basic' }"],
    [{ type: 'http', scheme: 'bearer' }, "name: 'authorization', prefix: 'Bearer '"],
  ])('%j', async (scheme, code) => {
    const unsupported = { type: 'apiKey', in: 'cookie', name: 'session' };
    const components = { securitySchemes: { unsupported, scheme } };
    const description = await described({ ...minimal, components });
    const auth = authSectionOf(description, { upper: 'A', baseUrl: 'https://a.example' });
    expect(auth.code).toContain(code);
    expect(auth.notes).toEqual(["auth: of unsupported, scheme it takes 'scheme'"]);
  });

  it('says so when there is none, or when several are wanted together', async () => {
    const owner = { upper: 'A', baseUrl: 'https://a.example' };
    const none = authSectionOf(await described(minimal), owner);
    expect(none.notes[0]).toContain('names no way to sign in; a bearer token is taken');
    const key = { type: 'apiKey', in: 'header', name: 'x' };
    const both = {
      security: [{ a: [], b: [] }],
      components: { securitySchemes: { a: key, b: key } },
    };
    const { notes } = authSectionOf(await described({ ...minimal, ...both }), owner);
    expect(notes).toEqual([
      "auth: of a, b it takes 'a'",
      "auth: 'a' is wanted together with others, which is left to you",
    ]);
  });

  it('makes up a server where there is none', async () => {
    const servers = [{ url: '/v1/' }];
    expect(baseUrlOf(await described({ ...minimal, servers }), 'desk')).toMatchObject({
      url: 'https://desk.example/v1',
      notes: [expect.stringContaining('is made up')],
    });
  });
});

describe('a description that cannot be used', () => {
  it.each([
    ['swagger: "2.0"\npaths: {}\n', "(#): the member 'openapi' is missing; it is Swagger 2.0"],
    ['openapi: 4.0.0\npaths: {}\n', ':1:10 (#/openapi): version 3.0 or 3.1 is wanted'],
    ['openapi: 3.0.0\n', "(#): the member 'paths' is missing"],
    ['openapi: 3.0.0\npaths: {}\n', ':2:8 (#/paths): it describes no operation'],
    ['openapi: 3.0.0\npaths: {\n', /api-\d+\.yaml:3:1: /],
    ['- 1\n', 'it holds no object'],
    ['openapi: 3.0.0\npaths:\n  a: { get: {} }\n', ":3:6 (#/paths/a): a path must begin with '/'"],
    [
      'openapi: 3.0.0\npaths:\n  /{id}: { get: {} }\n',
      "(#/paths/~1{id}/get): the path parameter 'id'",
    ],
    [
      'openapi: 3.0.0\npaths:\n  /a: { get: { parameters: [{}] } }\n',
      "(#/paths/~1a/get/parameters/0): a parameter needs 'name'",
    ],
    [
      'openapi: 3.0.0\npaths:\n  /a: { $ref: "b.yaml#/x" }\n',
      ":3:15 (#/paths/~1a/$ref): 'b.yaml#/x' is outside of this file",
    ],
    [
      'openapi: 3.0.0\npaths:\n  /a: { $ref: "https://evil.example/x" }\n',
      'is outside of this file',
    ],
    ['openapi: 3.0.0\npaths:\n  /a: { $ref: "#/nothing" }\n', "'#/nothing' refers to nothing"],
  ])('%j', async (text, message) => {
    const make = async () => clientOf(await described(text), request);
    await expect(make()).rejects.toThrow(message);
    await expect(make()).rejects.toMatchObject({ code: 'OPENAPI_INVALID' });
  });

  it('is not there, or is an address', async () => {
    await expect(readDescription(cwd, 'no.yaml')).rejects.toThrow(
      'no.yaml cannot be read (ENOENT)',
    );
    await expect(readDescription(cwd, 'https://a.example/x')).rejects.toThrow('download https://a');
  });

  it('reads nothing else and writes no code of its own, whatever it says', async () => {
    const evil = 'http://127.0.0.1:1/evil.json';
    const odd = { enum: [{ $ref: evil }], const: { $ref: evil }, default: { $ref: evil } };
    const injected = { tsType: 'EVIL', type: 5, 'x-a': { $ref: evil }, $id: evil };
    const properties = { odd, injected, 'a"\n\r\u2028\';EVIL()': { description: '*/ EVIL() /*' } };
    const path = "/a'`${EVIL()}\r\n*/{id}";
    const parameters = ['id', 'EVIL()'].map((name) => ({ name, in: 'path', schema: injected }));
    const get = { ...ok, summary: '*/ EVIL() /*', operationId: '*/ EVIL', parameters };
    const components = { schemas: { Odd: { type: 'object', properties } } };
    const description = await described({ ...minimal, paths: { [path]: { get } }, components });
    const { source } = await clientOf(description, { ...request, command: 'add\nEVIL()' });
    const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true);
    const names: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) names.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(file);
    expect(names.filter((name) => name.includes('EVIL'))).toEqual([]);
    expect(source).toContain('odd?: unknown');
    expect(ts.transpileModule(source, { reportDiagnostics: true }).diagnostics).toEqual([]);
  });

  it('may refer to itself without end', async () => {
    const schemas = {
      Loop: { $ref: '#/components/schemas/Loop' },
      Deep: { properties: { a: { $ref: '#/components/schemas/Deep/properties/a' } } },
    };
    const { source } = await clientOf(
      await described({ ...minimal, components: { schemas } }),
      request,
    );
    expect(source).toContain('export interface Deep');
  });
});

describe('names', () => {
  it.each([
    ['list-pets', 'listPets'],
    ['ListPets', 'listPets'],
    ['pets/list_all', 'petsListAll'],
    ['get /pets/by petId', 'getPetsByPetId'],
    ['getHTTPStatus', 'getHttpStatus'],
    ['3d', 'operation3d'],
    ['日本', 'operation'],
  ])('%s is %s', (name, camel) => {
    expect(camelOf(name)).toBe(camel);
  });

  it('are always identifiers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(camelOf(name)).toMatch(/^[a-z][A-Za-z\d]*$/);
        expect(pascalOf(name, 'Type')).toMatch(/^[A-Z][A-Za-z\d]*$/);
      }),
    );
  });

  it('of places are taken apart', () => {
    expect(pointerOf('#/paths/~1a~1%7Bid%7D/get')).toEqual(['paths', '/a/{id}', 'get']);
    expect(pointerOf('#')).toEqual([]);
  });
});

/** Schemas as descriptions have them, also odd ones. */
const schema = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      {},
      { type: 'string' },
      { type: 'integer', nullable: true },
      { enum: ['a', null] },
    ),
    fc.constant({ $ref: '#/components/schemas/Some-thing' }),
    fc.record({ type: fc.constant('array'), items: tie('any') }),
    fc.record({ oneOf: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
    fc.record(
      {
        type: fc.constant('object'),
        nullable: fc.boolean(),
        properties: fc.dictionary(fc.string({ maxLength: 8 }), tie('any'), { maxKeys: 3 }),
        required: fc.constantFrom([], ['id']),
        additionalProperties: fc.oneof(fc.boolean(), tie('any')),
        description: fc.constantFrom('Of */ it', "'`${x}"),
      },
      { requiredKeys: ['type'] },
    ),
  ),
}));

describe('any schema', () => {
  it('makes a source that parses', async () => {
    const property = fc.asyncProperty(
      schema.any,
      fc.string({ maxLength: 12 }),
      async (any, name) => {
        const parameters = [{ name: `q${name}`, in: 'query', schema: any }];
        const content = { 'application/json': { schema: any } };
        const post = { parameters, requestBody: { content }, responses: { '200': { content } } };
        const schemas = { 'Some-thing': any };
        const text = { ...minimal, paths: { '/a': { post } }, components: { schemas } };
        const { source } = await clientOf(await described(text), request);
        const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true });
        expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });
});
