import type ts from 'typescript';
import { AddError } from '../cli.errors.js';
import { addStatement, ensureEnvironment, findParts } from './app-parts.js';
import { byHand } from './by-hand.js';
import type { Draft } from './draft.js';
import { addImport, importsOf, localNameOf, specifierOf } from './imports.js';
import { breakLongLine, insertEntry } from './insert-entry.js';
import { namesOf } from './names.js';
import { hasSpread, literalOf, propertyOf, unwrap, usesOf, valueOf, walk } from './syntax.js';
import type { Workspace } from './workspace.js';

/** What another module exports, and what it is called by. */
export interface Registered {
  /** In kebab case. */
  readonly name: string;
  readonly path: string;
  readonly exported: string;
  /** Whether the export is a function that answers the definition. */
  readonly isFunction: boolean;
}

const RESERVED =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|arguments|eval)$/;

/** The name of a variable for a connector. */
export function variableFor(name: string): string {
  const { camel } = namesOf(name);
  return RESERVED.test(camel) ? `${camel}Account` : camel;
}

function importLine(draft: Draft, { exported, path }: Registered): string {
  return `import { ${exported} } from '${specifierOf(draft, path)}';`;
}

function ensureImport(draft: Draft, definition: Registered): string {
  const local = localNameOf(draft, definition.path, definition.exported);
  if (local !== null) return local;
  const taken = importsOf(draft).find((each) => each.local === definition.exported);
  const [use] = usesOf(draft, definition.exported);
  if (taken || use) {
    const place = use ? draft.placeOf(use) : draft.path;
    throw new AddError(
      'ADD_CONFLICT',
      `${place}: '${definition.exported}' is something else already; choose another name. Nothing was written`,
    );
  }
  addImport(draft, importLine(draft, definition));
  return definition.exported;
}

/** The list of a kind, made when the app has none. */
function addToList(
  draft: Draft,
  kind: 'connectors' | 'integrations',
  entry: { readonly code: string; readonly snippet: string },
): void {
  const { object } = findParts(draft, entry.snippet);
  if (!propertyOf(draft, object, kind) && !hasSpread(draft, object)) {
    insertEntry(draft, object, `${kind}: [${entry.code}]`);
    return;
  }
  const value = valueOf(draft, object, kind);
  const literal = value && literalOf(draft, value);
  if (literal && draft.ts.isArrayLiteralExpression(literal)) {
    insertEntry(draft, literal, entry.code);
    breakLongLine(draft, findParts(draft, entry.snippet).object);
    return;
  }
  const problem = `'${kind}' is no list that is written in this file`;
  throw byHand({ place: draft.placeOf(value ?? object), problem, snippet: entry.snippet });
}

function callOf(
  draft: Draft,
  node: ts.Expression | undefined,
  local: string,
): ts.CallExpression | null {
  const { ts } = draft;
  const bare = node && unwrap(draft, node);
  const isIt = bare && ts.isCallExpression(bare) && bare.expression.getText(draft.file) === local;
  return isIt ? bare : null;
}

/** The variable that holds what a function answers. */
function variableOf(draft: Draft, local: string): string | null {
  let found: string | null = null;
  walk(draft, draft.file, (node) => {
    const { ts, file } = draft;
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return;
    if (callOf(draft, node.initializer, local)) found ??= node.name.getText(file);
  });
  return found;
}

function requireFree(draft: Draft, variable: string): void {
  const [use] = usesOf(draft, variable);
  const imported = importsOf(draft).some(({ local }) => local === variable);
  if (!use && !imported) return;
  throw new AddError(
    'ADD_CONFLICT',
    `${use ? draft.placeOf(use) : draft.path}: '${variable}' is something else already; choose another name. Nothing was written`,
  );
}

function connectorSnippet(draft: Draft, definition: Registered): string {
  const { exported, isFunction, name } = definition;
  const variable = isFunction ? variableFor(name) : exported;
  return [
    importLine(draft, definition),
    ...(isFunction ? [`const ${variable} = ${exported}(environment);`] : []),
    `return { …, connectors: [${variable}] };`,
  ].join('\n');
}

/**
 * Makes a connector part of the app, unless it is. Answers the variable that holds it.
 * @throws AddError.
 */
export function registerConnector(workspace: Workspace, definition: Registered): string {
  const draft = workspace.app;
  const snippet = connectorSnippet(draft, definition);
  findParts(draft, snippet);
  const known = localNameOf(draft, definition.path, definition.exported);
  const uses = known === null ? [] : usesOf(draft, known);
  const holder = known === null ? null : variableOf(draft, known);
  if (uses.length > 0 && definition.isFunction && holder === null) {
    const problem = `the connector '${definition.name}' is in no variable: give it one`;
    throw byHand({ place: draft.placeOf(uses[0] ?? draft.file), problem, snippet });
  }
  let variable = holder;
  if (variable === null) {
    variable = definition.isFunction ? variableFor(definition.name) : definition.exported;
    if (definition.isFunction) requireFree(draft, variable);
    const local = ensureImport(draft, definition);
    if (definition.isFunction) {
      const environment = ensureEnvironment(draft, snippet);
      addStatement(draft, `const ${variable} = ${local}(${environment});`, snippet);
    } else variable = local;
  }
  // One mention is the variable itself.
  const mentions = usesOf(draft, variable).length - (definition.isFunction ? 1 : 0);
  if (mentions === 0) addToList(draft, 'connectors', { code: variable, snippet });
  return variable;
}

/** Whether the app's module uses what another exports. */
export function isRegistered(workspace: Workspace, { path, exported }: Registered): boolean {
  const known = localNameOf(workspace.app, path, exported);
  return known !== null && usesOf(workspace.app, known).length > 0;
}

/** Makes an integration part of the app, unless it is. `sides` says what each of its slots holds. */
export function registerIntegration(
  workspace: Workspace,
  definition: Registered,
  sides: Readonly<Record<string, string>>,
): void {
  const draft = workspace.app;
  if (isRegistered(workspace, definition)) return;
  const slots = Object.entries(sides).map(([slot, variable]) =>
    slot === variable ? slot : `${slot}: ${variable}`,
  );
  const { exported, isFunction } = definition;
  const code = (local: string): string =>
    isFunction ? `${local}({ ${slots.join(', ')} })` : local;
  const snippet = `${importLine(draft, definition)}\nreturn { …, integrations: [${code(exported)}] };`;
  findParts(draft, snippet);
  const local = ensureImport(draft, definition);
  addToList(draft, 'integrations', { code: code(local), snippet });
}
