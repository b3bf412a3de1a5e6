import type ts from 'typescript';
import { byHand } from './by-hand.js';
import { insertion } from './draft.js';
import type { Draft, Edit } from './draft.js';
import { addImport, importsOf } from './imports.js';
import { indentAt, inStyle, styleOf } from './source-style.js';
import { isCallOf, unwrap, usesOf, walk } from './syntax.js';

type PartsFunction = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** The function that says what an app is made of, and the object that it answers. */
export interface AppParts {
  readonly fn: PartsFunction;
  /** The last statement; null for arrow functions without a block. */
  readonly answer: ts.ReturnStatement | null;
  readonly object: ts.ObjectLiteralExpression;
}

function functionCalled(draft: Draft, name: string): PartsFunction | null {
  const { ts, file } = draft;
  let found: PartsFunction | null = null;
  walk(draft, file, (node) => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === name) found ??= node;
    if (!ts.isVariableDeclaration(node) || node.name.getText(file) !== name) return;
    const value = node.initializer && unwrap(draft, node.initializer);
    if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) found ??= value;
  });
  return found;
}

function findFunction(draft: Draft): PartsFunction | null {
  const { ts, file } = draft;
  const calls: ts.CallExpression[] = [];
  walk(draft, file, (node) => {
    if (!ts.isCallExpression(node)) return;
    if (isCallOf(draft, node, { name: 'defineApp', from: '@tenon/app' })) calls.push(node);
  });
  const argument = calls[0]?.arguments[0];
  if (!argument || calls.length > 1) return null;
  const bare = unwrap(draft, argument);
  if (ts.isArrowFunction(bare) || ts.isFunctionExpression(bare)) return bare;
  return ts.isIdentifier(bare) ? functionCalled(draft, bare.text) : null;
}

/** The only `return` of a function itself, when it is its last statement. */
function onlyReturn(draft: Draft, body: ts.Block): ts.ReturnStatement | null {
  const { ts } = draft;
  const returns: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) returns.push(node);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  const last = body.statements.at(-1);
  return returns.length === 1 && returns[0] === last ? (returns[0] ?? null) : null;
}

function answerOf(draft: Draft, fn: PartsFunction): AppParts | null {
  const { ts } = draft;
  const { body } = fn;
  if (!body) return null;
  const answer = ts.isBlock(body) ? onlyReturn(draft, body) : null;
  const expression = ts.isBlock(body) ? answer?.expression : body;
  const object = expression && unwrap(draft, expression);
  return object && ts.isObjectLiteralExpression(object) ? { fn, answer, object } : null;
}

/** @throws AddError `ADD_BY_HAND` with the snippet, when the module is built in another way. */
export function findParts(draft: Draft, snippet: string): AppParts {
  const fn = findFunction(draft);
  const parts = fn && answerOf(draft, fn);
  if (parts) return parts;
  throw byHand({
    place: fn ? draft.placeOf(fn) : draft.path,
    problem: fn
      ? 'the function that says what the app is made of does not end with the one object that it answers'
      : 'no defineApp(…) of @tenon/app was found that is given a function of this file',
    snippet,
  });
}

/** Gives an arrow function that answers an object at once a block with a `return`. */
export function ensureBlock(draft: Draft, snippet: string): void {
  const { fn, answer, object } = findParts(draft, snippet);
  if (answer || !fn.body) return;
  const { text, file } = draft;
  const style = styleOf(draft);
  const [start, end] = [object.getStart(file), object.end];
  if (object.getText(file).includes('`') && object.getText(file).includes('\n')) {
    const problem = 'its object has texts over several lines, which indenting would change';
    throw byHand({ place: draft.placeOf(object), problem, snippet });
  }
  const outer = indentAt(text, fn.getStart(file));
  const inner = outer + style.unit;
  const edits: Edit[] = [];
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    edits.push(insertion(at + 1, style.unit));
  }
  const semicolon = style.semicolons ? ';' : '';
  const head = `{${style.eol}${inner}return `;
  const tail = `${semicolon}${style.eol}${outer}}`;
  draft.apply([
    { from: fn.body.getStart(file), to: start, text: head },
    ...edits,
    { from: end, to: fn.body.end, text: tail },
  ]);
}

/** Adds a statement before the `return`. */
export function addStatement(draft: Draft, line: string, snippet: string): void {
  ensureBlock(draft, snippet);
  const { answer } = findParts(draft, snippet);
  if (!answer) throw new Error('The function has a block by now');
  const style = styleOf(draft);
  const at = answer.getStart(draft.file);
  const indent = indentAt(draft.text, at);
  const ownLine = /(^|\n)[ \t]*$/.test(draft.text.slice(0, at));
  const code = inStyle(line, style);
  draft.apply([insertion(at, ownLine ? code + style.eol + indent : `${code} `)]);
}

function needsType(draft: Draft, fn: PartsFunction): boolean {
  const { ts } = draft;
  // Where the function is the argument itself, its parameter has a type already.
  return !ts.isCallExpression(fn.parent) && !ts.isParenthesizedExpression(fn.parent);
}

function addParameter(draft: Draft, fn: PartsFunction, snippet: string): void {
  const { ts, file } = draft;
  const typed = needsType(draft, fn);
  const open = fn.getChildren(file).find(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);
  if (!open) {
    const problem = 'its parameter is missing and has no parentheses to stand in';
    throw byHand({ place: draft.placeOf(fn), problem, snippet });
  }
  draft.apply([insertion(open.end, typed ? 'environment: Environment' : 'environment')]);
  const known = importsOf(draft).some(({ local }) => local === 'Environment');
  if (typed && !known) addImport(draft, "import type { Environment } from '@tenon/core';");
}

/** The name by which the function knows its environment, which is added where it is missing. */
export function ensureEnvironment(draft: Draft, snippet: string): string {
  const { ts, file } = draft;
  const { fn } = findParts(draft, snippet);
  const parameter = fn.parameters[0];
  if (!parameter) {
    addParameter(draft, fn, snippet);
    return 'environment';
  }
  if (!ts.isIdentifier(parameter.name)) {
    const problem = 'the environment is taken apart; give it a name';
    throw byHand({ place: draft.placeOf(parameter), problem, snippet });
  }
  const name = parameter.name.text;
  const unused = name.startsWith('_') && usesOf(draft, name).length === 1;
  if (!unused || usesOf(draft, 'environment').length > 0) return name;
  draft.apply([
    { from: parameter.name.getStart(file), to: parameter.name.end, text: 'environment' },
  ]);
  return 'environment';
}
