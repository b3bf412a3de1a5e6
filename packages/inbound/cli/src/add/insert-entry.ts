import type ts from 'typescript';
import { insertion } from './draft.js';
import type { Draft, Edit } from './draft.js';
import { indentAt, inStyle, styleOf } from './source-style.js';

/** A list in braces or brackets. */
export type List = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression;

interface Place {
  readonly draft: Draft;
  readonly list: List;
  readonly elements: ts.NodeArray<ts.Node>;
  readonly isArray: boolean;
  /** Position of the closing brace or bracket. */
  readonly close: number;
  /** Indentation of the line that opens the list. */
  readonly outer: string;
  readonly inner: string;
  readonly eol: string;
}

function placeOf(draft: Draft, list: List): Place {
  const { ts, text, file } = draft;
  const isArray = ts.isArrayLiteralExpression(list);
  const { unit, eol } = styleOf(draft);
  const outer = indentAt(text, list.getStart(file));
  const elements = isArray ? list.elements : list.properties;
  const first = elements[0]?.getStart(file);
  const ownLine = first !== undefined && /\n[ \t]*$/.test(text.slice(0, first));
  const inner = ownLine ? indentAt(text, first) : outer + unit;
  return { draft, list, elements, isArray, close: list.end - 1, outer, inner, eol };
}

/** Nothing is in it but white space and comments. */
function fillEmpty(place: Place, entry: string): Edit[] {
  const { draft, list, isArray, close, outer, inner, eol } = place;
  const open = list.getStart(draft.file) + 1;
  const content = draft.text.slice(open, close);
  if (isArray && content.trim() === '') return [{ from: open, to: close, text: entry }];
  const from = open + content.trimEnd().length;
  return [{ from, to: close, text: `${eol}${inner}${entry},${eol}${outer}` }];
}

function addToLine({ elements }: Place, last: ts.Node, entry: string): Edit[] {
  return elements.hasTrailingComma
    ? [insertion(elements.end, ` ${entry},`)]
    : [insertion(last.end, `, ${entry}`)];
}

/** An object on one line becomes one of several lines; `entry` comes last when there is one. */
function breakLine(place: Place, last: ts.Node, entry: string | null): Edit[] {
  const { draft, list, elements, close, outer, inner, eol } = place;
  const { text, file } = draft;
  const open = list.getStart(file) + 1;
  const edits: Edit[] = [];
  const lead = /^[ \t]*/.exec(text.slice(open))?.[0].length ?? 0;
  edits.push({ from: open, to: open + lead, text: eol + inner });
  elements.forEach((element, index) => {
    const next = elements[index + 1];
    const gap = next && /^,([ \t]*)$/.exec(text.slice(element.end, next.getStart(file)));
    if (gap) edits.push({ from: element.end + 1, to: next.getStart(file), text: eol + inner });
  });
  if (!elements.hasTrailingComma) edits.push(insertion(last.end, ','));
  const tail = /[ \t]*$/.exec(text.slice(0, close))?.[0].length ?? 0;
  const added = entry === null ? '' : `${eol}${inner}${entry},`;
  edits.push({ from: close - tail, to: close, text: `${added}${eol}${outer}` });
  return edits;
}

function addLine(place: Place, last: ts.Node, entry: string): Edit[] {
  const { draft, elements, close, outer, inner, eol } = place;
  const { ts, text } = draft;
  const after = elements.hasTrailingComma ? elements.end : last.end;
  // A comment behind the last entry belongs to it.
  const comments = ts.getTrailingCommentRanges(text, after) ?? [];
  const at = comments.at(-1)?.end ?? after;
  const comma = elements.hasTrailingComma ? ',' : '';
  const line = `${eol}${inner}${entry}${comma}`;
  const closes = /^[ \t]*$/.test(text.slice(at, close));
  return [
    ...(elements.hasTrailingComma ? [] : [insertion(last.end, ',')]),
    closes ? { from: at, to: close, text: line + eol + outer } : insertion(at, line),
  ];
}

/** Adds an entry at the end of an object or array, formatted as the list is; comments and all other text stay. */
export function insertEntry(draft: Draft, list: List, code: string): void {
  const place = placeOf(draft, list);
  const { text, file } = draft;
  const last = place.elements.at(-1);
  const oneLine = !text.slice(list.getStart(file), list.end).includes('\n');
  const inLine = oneLine && place.isArray;
  const entry = inStyle(code, styleOf(draft), inLine ? place.outer : place.inner);
  if (!last) draft.apply(fillEmpty(place, entry));
  else if (inLine) draft.apply(addToLine(place, last, entry));
  else if (oneLine) draft.apply(breakLine(place, last, entry));
  else draft.apply(addLine(place, last, entry));
}

const MAX_WIDTH = 100;

/** Gives each entry of an object a line of its own, when the line that they share has become too long. */
export function breakLongLine(draft: Draft, object: ts.ObjectLiteralExpression): void {
  const { text, file } = draft;
  const start = object.getStart(file);
  const last = object.properties.at(-1);
  if (!last || text.slice(start, object.end).includes('\n')) return;
  const [from, to] = [text.lastIndexOf('\n', start) + 1, text.indexOf('\n', start)];
  const width = text.slice(from, to === -1 ? text.length : to).trimEnd().length;
  if (width > MAX_WIDTH) draft.apply(breakLine(placeOf(draft, object), last, null));
}
