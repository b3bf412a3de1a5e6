import type { Draft } from './draft.js';

/** How a file is written. */
export interface SourceStyle {
  /** One step of indentation. */
  readonly unit: string;
  readonly quote: "'" | '"';
  readonly semicolons: boolean;
  readonly eol: string;
}

const MAX_UNIT = 8;

function unitOf(text: string): string {
  // Lines of block comments begin with a space and a star.
  const indents = [...text.matchAll(/^([ \t]+)(?=[^\s*])/gm)].map(([, indent]) => indent ?? '');
  if (indents.some((indent) => indent.startsWith('\t'))) return '\t';
  const widths = indents.map(({ length }) => length).filter((width) => width > 1);
  return ' '.repeat(widths.length === 0 ? 2 : Math.min(MAX_UNIT, ...widths));
}

/** The style of a file as its text shows it; ours where it does not. */
export function styleOf({ ts, file, text }: Draft): SourceStyle {
  const imports = file.statements.filter((statement) => ts.isImportDeclaration(statement));
  const specifier = imports[0]?.moduleSpecifier.getText(file) ?? "'";
  const { statements } = file;
  const ended = statements.filter(
    (statement) => ts.isImportDeclaration(statement) || ts.isVariableStatement(statement),
  );
  return {
    unit: unitOf(text),
    quote: specifier.startsWith('"') ? '"' : "'",
    semicolons: ended.length === 0 || ended.some(({ end }) => text.charAt(end - 1) === ';'),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/**
 * Our code in the style of a file. It is written with two spaces, single quotes and semicolons; quotes stand nowhere else in it.
 * Lines after the first are indented by `indent`.
 */
export function inStyle(code: string, style: SourceStyle, indent = ''): string {
  const { unit, quote, semicolons, eol } = style;
  const lines = code.split('\n').map((line) => {
    const spaces = /^ */.exec(line)?.[0].length ?? 0;
    const quoted = line.slice(spaces).replaceAll("'", quote);
    return unit.repeat(spaces / 2) + (semicolons ? quoted : quoted.replace(/;$/, ''));
  });
  return lines.join(eol + indent);
}

/** The indentation of the line that holds a position. */
export function indentAt(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}
