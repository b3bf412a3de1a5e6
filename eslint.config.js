import comments from '@eslint-community/eslint-plugin-eslint-comments';
import tseslint from 'typescript-eslint';

const noModuleMocks = ['mock', 'unstable_mockModule', 'doMock', 'setMock'].map((method) => ({
  selector: `CallExpression[callee.object.name='jest'][callee.property.name='${method}']`,
  message:
    'Modules are not mocked: use the memory adapters, a fake from @tenon/testing or a loopback server.',
}));

const houseSyntax = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Exports have names: one name for one thing, everywhere.',
  },
  {
    selector: 'ExportAllDeclaration',
    message: 'An entry lists what it exports by name; inside a package, import the file itself.',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  {
    selector:
      ':matches(ImportDeclaration, ExportNamedDeclaration, ImportExpression)[source.value=/^\\.{1,2}\\u002F/]:not([source.value=/\\.(js|cjs|mjs|json)$/])',
    message: 'A relative import ends in the suffix of the emitted file, `.js`.',
  },
  ...noModuleMocks,
];

const budgets = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60, skipComments: true }],
  '@typescript-eslint/max-params': ['error', { max: 3 }],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '**/src/generated/',
      '**/coverage/',
      '**/.tenon/',
      'docs/snippets/.blocks-*/',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { comments },
    rules: {
      'comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      'comments/no-unlimited-disable': 'error',
      'comments/disable-enable-pair': ['error', { allowWholeFile: true }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...budgets,
      'no-restricted-syntax': ['error', ...houseSyntax],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // `typeof import('x')` names an optional peer that is loaded on first use.
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A port's method is async for the adapters that wait; one that need not still answers by promise.
      '@typescript-eslint/require-await': 'off',
      // What a signal or a catch clause hands over is unknown and is passed on as it came.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      // Definitions that an app writes return nothing or a promise of nothing: `void | Promise<void>`.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Both fire on type-level code that infers a definition's names and on branded ids.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `type` and `interface` differ in index signatures, which records of JSON need.
      '@typescript-eslint/consistent-type-definitions': 'off',
    },
  },
  {
    // Contract suites and tests are trees of describe blocks; their functions are as long as what they describe.
    files: ['**/*.test.ts', '**/*.contract.ts', '**/*.fixture.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 280, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A type test states an expression that the compiler must accept or refuse.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Programs talk to a person at a terminal.
    files: [
      'packages/inbound/cli/**/*.ts',
      'examples/**/*.ts',
      'benchmarks/**/*.ts',
      'docs/snippets/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Connectors and integrations are one literal each, and their types are inferred: that is the point of them.
    files: [
      'examples/*/src/connectors/*.ts',
      'examples/*/src/integrations/*.ts',
      'benchmarks/src/first-integration/**/*.ts',
      'packages/inbound/cli/templates/**/*.ts',
      'docs/snippets/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      'max-lines-per-function': ['error', { max: 120, skipComments: true }],
    },
  },
  {
    // Tests of a new project run under Node's own runner, whose `test` answers a promise that nobody awaits.
    files: ['packages/inbound/cli/templates/*/test/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  {
    // The door of a package is a list.
    files: ['packages/**/src/index.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['*.config.ts', '**/*.d.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...houseSyntax.filter(({ selector }) => selector !== 'ExportDefaultDeclaration'),
      ],
    },
  },
);
