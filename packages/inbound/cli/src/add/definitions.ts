import type ts from 'typescript';
import type { Draft } from './draft.js';
import { isCallOf, textOf, unwrap, walk } from './syntax.js';
import type { Workspace } from './workspace.js';

/** A connector or an integration where it is defined. Its nodes are of the tree as it was when it was looked for. */
export interface Definition {
  readonly draft: Draft;
  readonly call: ts.CallExpression;
  /** `src/connectors/crm.ts:12` */
  readonly place: string;
  /** Null when the name is no literal. */
  readonly name: string | null;
  /** Null when the definition is made elsewhere. */
  readonly object: ts.ObjectLiteralExpression | null;
  /** What the module exports it as: a function that answers it, or itself. Null when it exports neither. */
  readonly exported: { readonly name: string; readonly isFunction: boolean } | null;
}

const FUNCTIONS = { connector: 'defineConnector', integration: 'defineIntegration' } as const;

function isExported(draft: Draft, node: ts.Node): boolean {
  const { ts } = draft;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function exportOf(draft: Draft, call: ts.CallExpression): Definition['exported'] {
  const { ts, file } = draft;
  let isFunction = false;
  for (let node: ts.Node = call; node.parent !== file; node = node.parent) {
    const { parent } = node;
    if (ts.isFunctionLike(parent)) isFunction = true;
    if (ts.isFunctionDeclaration(parent) && parent.parent === file) {
      return parent.name && isExported(draft, parent)
        ? { name: parent.name.text, isFunction }
        : null;
    }
    const isConstant = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name);
    if (isConstant && parent.parent.parent.parent === file) {
      const exported = isExported(draft, parent.parent.parent);
      return exported ? { name: parent.name.getText(file), isFunction } : null;
    }
  }
  return null;
}

function definitionOf(draft: Draft, call: ts.CallExpression): Definition {
  const argument = call.arguments[0];
  const bare = argument && unwrap(draft, argument);
  const object = bare && draft.ts.isObjectLiteralExpression(bare) ? bare : null;
  return {
    draft,
    call,
    place: draft.placeOf(call),
    name: object && textOf(draft, object, 'name'),
    object,
    exported: exportOf(draft, call),
  };
}

/** Every connector or integration that the app's sources define. */
export function findDefinitions(
  workspace: Workspace,
  kind: keyof typeof FUNCTIONS,
): readonly Definition[] {
  const origin = { name: FUNCTIONS[kind], from: '@tenon/core' };
  return workspace.sourcesWith(origin.name).flatMap((draft) => {
    const found: Definition[] = [];
    walk(draft, draft.file, (node) => {
      const isOne = draft.ts.isCallExpression(node) && isCallOf(draft, node, origin);
      if (isOne) found.push(definitionOf(draft, node));
    });
    return found;
  });
}

/** The one with a name. */
export function findDefinition(
  workspace: Workspace,
  kind: keyof typeof FUNCTIONS,
  name: string,
): Definition | null {
  return findDefinitions(workspace, kind).find((each) => each.name === name) ?? null;
}
