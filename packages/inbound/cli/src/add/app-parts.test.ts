import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

import { addStatement, ensureEnvironment, findParts } from './app-parts.js';
import { Draft } from './draft.js';

function draftOf(text: string): Draft {
  return new Draft(ts, 'src/app.ts', text);
}

const head = "import { defineApp } from '@tenon/app';\n";

describe('the parts of an app', () => {
  it.each([
    ['function parts() {\n  return {};\n}\nexport const app = defineApp(parts);'],
    ['const parts = () => ({});\nexport const app = defineApp(parts);'],
    ['export const app = defineApp(function (env) {\n  return {};\n});'],
    ['export const app = defineApp((env) => ({}) satisfies object);'],
  ])('are found in %j', (text) => {
    expect(findParts(draftOf(head + text), '').object.getText()).toBe('{}');
  });

  it('are found by another name of the function', () => {
    const text =
      "import { defineApp as define } from '@tenon/app';\nexport const app = define(() => ({}));";
    expect(findParts(draftOf(text), '').object.getText()).toBe('{}');
  });

  it.each([
    ['export const app = defineApp(other);', 'src/app.ts: no defineApp(…)'],
    ['export const app = 1;', 'src/app.ts: no defineApp(…)'],
    ['defineApp(() => made);', 'src/app.ts:2: the function that says'],
    ['defineApp((e) => {\n  if (e) return {};\n  return {};\n});', 'src/app.ts:2: the function'],
  ])('are not guessed in %j', (text, message) => {
    const find = () => findParts(draftOf(head + text), 'return { …, connectors: [crm] };');
    expect(find).toThrow(message);
    expect(find).toThrow('add by hand:\n    return { …, connectors: [crm] };');
  });

  it('get a block, and what was in the object is indented', () => {
    const draft = draftOf(
      `${head}export const app = defineApp(() => ({\n  integrations: [],\n}));\n`,
    );
    expect(ensureEnvironment(draft, '')).toBe('environment');
    addStatement(draft, 'const crm = make(environment);', '');
    expect(draft.text).toBe(
      `${head}export const app = defineApp((environment) => {\n  const crm = make(environment);\n` +
        '  return {\n    integrations: [],\n  };\n});\n',
    );
  });

  it.each([
    ['function parts() {', 'function parts(environment: Environment) {', 'environment'],
    [
      'function parts(_env: Environment) {',
      'function parts(environment: Environment) {',
      'environment',
    ],
    ['function parts(env: Environment) {', 'function parts(env: Environment) {', 'env'],
  ])('know their environment: %j', (before, after, name) => {
    const text = `${head}${before}\n  return {};\n}\nexport const app = defineApp(parts);\n`;
    const draft = draftOf(text);
    expect(ensureEnvironment(draft, '')).toBe(name);
    expect(draft.text).toContain(after);
  });
});
