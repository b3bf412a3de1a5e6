import { join } from 'node:path';

import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

import { root } from './support/repository.js';

jest.setTimeout(60_000);

const source = 'packages/core/src/planted.ts';
const test = 'packages/core/src/planted.test.ts';
const longFunction = `export const f = (): void => {\n${'  void 0;\n'.repeat(61)}};\n`;

/** Code that each untyped rule of the house must refuse, and where it may stand after all. */
const planted: readonly { code: string; at?: string; breaks: string | null }[] = [
  { code: 'export const a = 1;\n', breaks: null },
  { code: 'export default 1;\n', breaks: 'no-restricted-syntax' },
  { code: `export * from './user.js';\n`, breaks: 'no-restricted-syntax' },
  { code: 'export enum A { B }\n', breaks: 'no-restricted-syntax' },
  { code: `import { a } from './user';\na();\n`, breaks: 'no-restricted-syntax' },
  { code: `import { a } from './user.js';\na();\n`, breaks: null },
  { code: `jest.mock('./user.js');\n`, at: test, breaks: 'no-restricted-syntax' },
  { code: `jest.unstable_mockModule('./user.js', x);\n`, at: test, breaks: 'no-restricted-syntax' },
  { code: 'export const a: any = 1;\n', breaks: '@typescript-eslint/no-explicit-any' },
  { code: `console.log('x');\n`, breaks: 'no-console' },
  { code: `console.log('x');\n`, at: 'packages/inbound/cli/src/planted.ts', breaks: null },
  { code: 'void 0;\n'.repeat(301), breaks: 'max-lines' },
  { code: longFunction, breaks: 'max-lines-per-function' },
  { code: longFunction, at: test, breaks: null },
  {
    code: 'export function f(a: 1, b: 1, c: 1, d: 1): number { return a + b + c + d; }\n',
    breaks: '@typescript-eslint/max-params',
  },
  {
    code: `// eslint-disable-next-line no-console\nconsole.log('x');\n`,
    breaks: 'comments/require-description',
  },
  {
    code: `// eslint-disable-next-line no-console -- the only way out of here\nconsole.log('x');\n`,
    breaks: null,
  },
  {
    code: `// eslint-disable-next-line -- all\nvoid 0;\n`,
    breaks: 'comments/no-unlimited-disable',
  },
  {
    code: `// @ts-ignore\nexport const a = 1;\n`,
    breaks: '@typescript-eslint/ban-ts-comment',
  },
];

/** Code that only a rule with types can refuse. */
const plantedTyped: readonly { code: string; breaks: string }[] = [
  {
    code: 'const later = async (): Promise<void> => {};\nlater();\n',
    breaks: '@typescript-eslint/no-floating-promises',
  },
  {
    code: `export const f = (a: 'x' | 'y'): void => {\n  switch (a) {\n    case 'x':\n      break;\n  }\n};\n`,
    breaks: '@typescript-eslint/switch-exhaustiveness-check',
  },
];

async function rulesBroken(eslint: ESLint, code: string, file: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  const messages = (result?.messages ?? []).filter(({ message }) => !message.startsWith('Unused'));
  return [...new Set(messages.map(({ ruleId, message }) => ruleId ?? message))];
}

describe('the lint rules of the house', () => {
  const untyped = new ESLint({
    cwd: root,
    overrideConfig: [tseslint.configs.disableTypeChecked],
  });

  it.each(planted)('$breaks for $code at $at', async ({ code, at = source, breaks }) => {
    expect(await rulesBroken(untyped, code, at)).toEqual(breaks === null ? [] : [breaks]);
  });

  describe('with types', () => {
    const dir = 'packages/outbound/platform-node';
    let typed: ESLint;

    beforeAll(() => {
      // The package's own program: the whole tree takes seconds to load and adds nothing here.
      const parserOptions = {
        project: `./${dir}/tsconfig.json`,
        tsconfigRootDir: root,
        // In CI the parser takes files for unchanging and would read this one from the disk.
        disallowAutomaticSingleRunInference: true,
      };
      typed = new ESLint({ cwd: root, overrideConfig: [{ languageOptions: { parserOptions } }] });
    });

    it.each(plantedTyped)('$breaks', async ({ code, breaks }) => {
      expect(await rulesBroken(typed, code, `${dir}/src/index.ts`)).toContain(breaks);
    });
  });
});
