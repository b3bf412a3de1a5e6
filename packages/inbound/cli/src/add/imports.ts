import { posix } from 'node:path';
import type ts from 'typescript';
import { insertion } from './draft.js';
import type { Draft } from './draft.js';
import { inStyle, styleOf } from './source-style.js';

/** A name that a file imports. */
export interface ImportedName {
  /** Name in the file. */
  readonly local: string;
  /** Name at its origin; `*` for a namespace. */
  readonly name: string;
  /** As it is written: `./connectors/crm.js`. */
  readonly from: string;
  readonly isType: boolean;
}

function bindings(clause: ts.ImportClause | undefined): readonly ts.ImportSpecifier[] {
  const named = clause?.namedBindings;
  return named && 'elements' in named ? [...named.elements] : [];
}

function importedBy(draft: Draft, declaration: ts.ImportDeclaration): ImportedName[] {
  const { ts } = draft;
  const { importClause: clause, moduleSpecifier } = declaration;
  if (!ts.isStringLiteral(moduleSpecifier)) return [];
  const from = moduleSpecifier.text;
  const wholeIsType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const names = bindings(clause).map((specifier) => ({
    local: specifier.name.text,
    name: (specifier.propertyName ?? specifier.name).text,
    from,
    isType: wholeIsType || specifier.isTypeOnly,
  }));
  const space = clause?.namedBindings;
  if (space && ts.isNamespaceImport(space)) {
    names.push({ local: space.name.text, name: '*', from, isType: wholeIsType });
  }
  return names;
}

/** Everything that a file imports by name. */
export function importsOf(draft: Draft): readonly ImportedName[] {
  const { ts, file } = draft;
  return file.statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) ? importedBy(draft, statement) : [],
  );
}

/** The path that an import names, without suffix and relative to the project; null for packages. */
export function importedPath(draft: Draft, from: string): string | null {
  if (!from.startsWith('.')) return null;
  const path = posix.join(posix.dirname(draft.path), from);
  return path.replace(/\.(js|ts|mjs|mts)$/, '');
}

/** How a file would write the import of another of the project. */
export function specifierOf(draft: Draft, path: string): string {
  const relative = posix.relative(posix.dirname(draft.path), path);
  const written = importsOf(draft).map(({ from }) => from);
  const own = written.filter((from) => from.startsWith('.'));
  const suffix = own.length > 0 && own.every((from) => from.endsWith('.ts')) ? '.ts' : '.js';
  const withoutSuffix = relative.replace(/\.(ts|mts)$/, '');
  return (relative.startsWith('.') ? '' : './') + withoutSuffix + suffix;
}

/** Adds an import after those that are there. */
export function addImport(draft: Draft, line: string): void {
  const { ts, file, text } = draft;
  const style = styleOf(draft);
  const code = inStyle(line, style);
  const last = file.statements.filter((statement) => ts.isImportDeclaration(statement)).at(-1);
  if (!last) {
    const start = /^(?:\uFEFF)?(?:#![^\n]*\n)?/.exec(text)?.[0].length ?? 0;
    draft.apply([insertion(start, code + style.eol + style.eol)]);
    return;
  }
  const comments = ts.getTrailingCommentRanges(text, last.end) ?? [];
  draft.apply([insertion(comments.at(-1)?.end ?? last.end, style.eol + code)]);
}

/** The local name of what another file of the project exports; null when it is not imported, or as a type alone. */
export function localNameOf(draft: Draft, path: string, name: string): string | null {
  const wanted = path.replace(/\.(ts|mts)$/, '');
  const found = importsOf(draft).find(
    (each) => !each.isType && each.name === name && importedPath(draft, each.from) === wanted,
  );
  return found?.local ?? null;
}
