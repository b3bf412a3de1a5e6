import { compileFunction } from 'node:vm';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';

import { ProjectFolder } from './project-folder.fixture.js';

let folder: ProjectFolder;
beforeEach(() => {
  folder = new ProjectFolder();
});
afterEach(() => {
  folder.remove();
});

interface Parts {
  readonly connectors?: readonly unknown[];
  readonly integrations?: readonly unknown[];
}

/** What the app of a source is made of, with modules that say by what they were called. */
function partsOf(source: string): Parts {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const modules: Record<string, unknown> = {
    '@tenon/app': { defineApp: (define: unknown) => define },
    './connectors/crm.js': { crmConnector: (environment: unknown) => ({ crm: environment }) },
    './connectors/desk.js': { deskConnector: (environment: unknown) => ({ desk: environment }) },
    './integrations/orders.js': { ordersIntegration: (sides: unknown) => ({ orders: sides }) },
  };
  const exported: { app?: (environment: unknown) => Parts } = {};
  const run = compileFunction(outputText, ['require', 'exports']) as (
    require: (name: string) => unknown,
    exports: unknown,
  ) => void;
  run((name) => modules[name], exported);
  if (!exported.app) throw new Error('It exports no app');
  return exported.app('environment');
}

const lists = fc.constantFrom(
  ...[
    '',
    'connectors: [],',
    'connectors: [crm],',
    'connectors: [crm, ],',
    'connectors: [\n  crm, // first\n],',
  ],
  ...[
    'connectors: [\n  // first ]\n  crm\n],',
    'connectors: [ /* , */ crm ],',
    "'connectors': [crm],",
  ],
);
const objects = fc.record({
  list: lists,
  rest: fc.constantFrom('settings: {}', 'settings: {},', '/* } */ settings: {} // ,'),
  gap: fc.constantFrom(' ', '\n', '\n    '),
});
const wraps = fc.constantFrom<readonly [string, string]>(
  ['function parts() {\n  BODY\n  return OBJECT;\n}', 'parts'],
  [
    'function parts(_environment: Environment): AppParts {\n  BODY\n  return OBJECT; // all\n}',
    'parts',
  ],
  ['const parts = (env: Environment) => {\n  BODY return OBJECT;\n};', 'parts'],
  ['', '(env) => {\n\tBODY\n\treturn (OBJECT);\n}'],
  ['', 'function (e) { BODY return OBJECT satisfies AppParts; }'],
);
const styles = fc.record({ double: fc.boolean(), bare: fc.boolean(), crlf: fc.boolean() });

function sourceOf(
  [before, argument]: readonly [string, string],
  { list, rest, gap }: { readonly list: string; readonly rest: string; readonly gap: string },
  style: { readonly double: boolean; readonly bare: boolean; readonly crlf: boolean },
): string {
  const end = rest.includes('//') ? '\n' : gap;
  const object = `{${gap}${list} ${rest}${end}}`;
  const body = list.includes('crm') ? "const crm = crmConnector('given');" : '';
  const fill = (text: string): string => text.replace('BODY', body).replace('OBJECT', object);
  const lines = [
    "import { defineApp } from '@tenon/app';",
    "import { crmConnector } from './connectors/crm.js'; // the first",
    ...(before === '' ? [] : [fill(before)]),
    `export const app = defineApp(${fill(argument)});`,
  ];
  const quoted = `${lines.join('\n')}\n`.replaceAll("'", style.double ? '"' : "'");
  const text = style.bare ? quoted.replace(/;$/gm, '') : quoted;
  return style.crlf ? text.replaceAll('\n', '\r\n') : text;
}

describe('an app in any form', () => {
  it('has the new connector and integration, what it had before, and nothing twice', async () => {
    const crm =
      "import { defineConnector } from '@tenon/core';\nexport const crmConnector = (_: string) => defineConnector({ name: 'crm' });\n";
    const property = fc.asyncProperty(wraps, objects, styles, async (...of) => {
      const source = sourceOf(...of);
      folder.put('src/app.ts', source);
      folder.put('src/connectors/crm.ts', crm);
      const before = partsOf(source);
      expect(await folder.add('connector', 'desk')).toMatchObject({ code: 0 });
      expect(await folder.add('integration', 'orders', '--connections', 'desk')).toMatchObject({
        code: 0,
      });
      const after = folder.read('src/app.ts');
      const desk = { desk: 'environment' };
      expect(partsOf(after)).toEqual({
        ...before,
        connectors: [...(before.connectors ?? []), desk],
        integrations: [{ orders: { desk } }],
      });
      expect(after.match(/\/\/.*|\/\*.*?\*\//g)).toEqual(source.match(/\/\/.*|\/\*.*?\*\//g));
      expect(/(?<!\r)\n/.test(after)).toBe(!after.includes('\r\n'));
      await folder.add('connector', 'desk');
      await folder.add('integration', 'orders');
      expect(folder.read('src/app.ts')).toBe(after);
      folder.remove();
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
