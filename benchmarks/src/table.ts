import { keepsBar, ratioOf, type Bar, type Row } from './bench.js';

function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function barText(bar: Bar | undefined, unit: string): string {
  if (bar === undefined) return '';
  const suffix = bar.of === 'ratio' ? '×' : ` ${unit}`;
  if (bar.max !== undefined) return `≤ ${number(bar.max)}${suffix}`;
  return bar.min === undefined ? '' : `≥ ${number(bar.min)}${suffix}`;
}

function verdict(row: Row): string {
  const kept = keepsBar(row);
  if (kept === null) return '';
  return kept ? 'pass' : 'MISS';
}

function cells(row: Row): string[] {
  const ratio = ratioOf(row);
  const peer = row.peer;
  return [
    row.figure,
    `${number(row.ours)} ${row.unit}`,
    peer === undefined ? '' : `${number(peer.value)} ${row.unit} ${peer.name}`,
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    barText(row.bar, row.unit),
    verdict(row),
  ];
}

const HEAD = ['figure', 'ours', 'peer', 'ratio', 'bar', ''];

/** One table of all rows, columns aligned. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [text[0], rule, ...text.slice(1)].join('\n');
}
