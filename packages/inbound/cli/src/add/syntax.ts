import type ts from 'typescript';
import type { Draft } from './draft.js';
import { importsOf } from './imports.js';

/** Without parentheses and assertions of types. */
export function unwrap(draft: Draft, expression: ts.Expression): ts.Expression {
  const { ts } = draft;
  return ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression)
    ? unwrap(draft, expression.expression)
    : expression;
}

/** Calls `visit` for every node below. */
export function walk(draft: Draft, node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  draft.ts.forEachChild(node, (child) => {
    walk(draft, child, visit);
  });
}

/** The variables of a file by name, wherever they are declared. */
function constantOf(draft: Draft, name: string): ts.VariableDeclaration | null {
  const found: ts.VariableDeclaration[] = [];
  walk(draft, draft.file, (node) => {
    const { ts } = draft;
    const fits = ts.isVariableDeclaration(node) && ts.isIdentifier(node.name);
    if (fits && node.name.getText(draft.file) === name) found.push(node);
  });
  const [only, other] = found;
  if (!only || other) return null;
  return draft.ts.getCombinedNodeFlags(only) & draft.ts.NodeFlags.Const ? only : null;
}

/** The literal that an expression is: itself, or the one constant of the file that it names. */
export function literalOf(draft: Draft, expression: ts.Expression): ts.Expression {
  const bare = unwrap(draft, expression);
  if (!draft.ts.isIdentifier(bare)) return bare;
  const initializer = constantOf(draft, bare.text)?.initializer;
  return initializer ? unwrap(draft, initializer) : bare;
}

/** The property of an object literal, by its name. */
export function propertyOf(
  draft: Draft,
  object: ts.ObjectLiteralExpression,
  name: string,
): ts.ObjectLiteralElementLike | null {
  const { ts } = draft;
  const found = object.properties.find(
    ({ name: own }) =>
      own && (ts.isIdentifier(own) || ts.isStringLiteralLike(own)) && own.text === name,
  );
  return found ?? null;
}

/** The names of an object literal's properties. */
export function keysOf(draft: Draft, object: ts.ObjectLiteralExpression): readonly string[] {
  const { ts } = draft;
  return object.properties.flatMap(({ name }) =>
    name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? [name.text] : [],
  );
}

/** The value of a property as an expression; null for methods and where there is none. */
export function valueOf(
  draft: Draft,
  object: ts.ObjectLiteralExpression,
  name: string,
): ts.Expression | null {
  const property = propertyOf(draft, object, name);
  if (!property) return null;
  const { ts } = draft;
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isShorthandPropertyAssignment(property) ? property.name : null;
}

/** The text of a property whose value is a literal text. */
export function textOf(
  draft: Draft,
  object: ts.ObjectLiteralExpression,
  name: string,
): string | null {
  const value = valueOf(draft, object, name);
  const literal = value && literalOf(draft, value);
  return literal && draft.ts.isStringLiteralLike(literal) ? literal.text : null;
}

/** The object literal that a property is. */
export function objectOf(
  draft: Draft,
  object: ts.ObjectLiteralExpression,
  name: string,
): ts.ObjectLiteralExpression | null {
  const value = valueOf(draft, object, name);
  const literal = value && literalOf(draft, value);
  return literal && draft.ts.isObjectLiteralExpression(literal) ? literal : null;
}

/** Whether an object takes properties of others over. */
export function hasSpread(draft: Draft, object: ts.ObjectLiteralExpression): boolean {
  return object.properties.some((property) => draft.ts.isSpreadAssignment(property));
}

/** Whether a call is one of a function that a package exports. */
export function isCallOf(
  draft: Draft,
  call: ts.CallExpression,
  origin: { readonly name: string; readonly from: string },
): boolean {
  const { ts } = draft;
  const callee = call.expression;
  return importsOf(draft).some(({ local, name, from }) => {
    if (from !== origin.from) return false;
    if (ts.isIdentifier(callee)) return name === origin.name && callee.text === local;
    const isMember = ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression);
    if (!isMember || name !== '*') return false;
    return callee.name.text === origin.name && callee.expression.getText(draft.file) === local;
  });
}

/** Whether an identifier is the name of a member, which is no use of a variable. */
function isMemberName(draft: Draft, node: ts.Identifier): boolean {
  const { ts } = draft;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent);
  return isMember && parent.name === node;
}

/** The identifiers of a file with a name; those of imports and the names of members left out. */
export function usesOf(draft: Draft, name: string): readonly ts.Identifier[] {
  const { ts, file } = draft;
  const uses: ts.Identifier[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) continue;
    walk(draft, statement, (node) => {
      const fits = ts.isIdentifier(node) && node.text === name;
      if (fits && !isMemberName(draft, node)) uses.push(node);
    });
  }
  return uses;
}
