import { stripVTControlCharacters } from 'node:util';
import type { Style } from '../../text/style.js';
import { table } from '../../text/table.js';
import { summaryText } from '../summary.js';
import { rateOf } from './rate.js';
import type { ErrorRow, JobRow, RunRow, ViewState, WebhookRow } from './view-state.js';

/** What a view is drawn on. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** In milliseconds. */
  readonly now: number;
  readonly style: Style;
  /** Where everything that the app prints goes. */
  readonly logFile: string;
}

interface Section {
  readonly title: string;
  readonly nothing: string;
  readonly lines: readonly string[];
}

const BAR_WIDTH = 10;
/** Below this, sections would have no room for a line. */
const MIN_ROWS = 12;
// Text of providers and of apps must not move the cursor. Written by code: the linter takes them for mistakes.
const CONTROLS = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f]', 'g');

/** Text of others, on one line. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, ' ');
}

function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function rateText(rate: number | null): string {
  return rate === null ? '' : `${rate.toFixed(rate < 10 ? 1 : 0)}/s`;
}

function rowsOf(cells: readonly (readonly string[])[]): string[] {
  return table(cells).split('\n').slice(0, -1);
}

function bar(part: number, total: number): string {
  const filled = Math.max(0, Math.min(BAR_WIDTH, Math.floor((BAR_WIDTH * part) / total)));
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

function progressText({ progress }: RunRow): string {
  if (!progress) return '';
  const { processed, total, failed } = progress;
  const failures = failed > 0 ? `, ${failed} failed` : '';
  if (total === null || total <= 0) return `${processed}${failures}`;
  return `${bar(processed, total)} ${processed} of ${total}${failures}`;
}

function stateText(state: RunRow['state'], { green, red, yellow, dim }: Style): string {
  const paint = { succeeded: green, failed: red, running: yellow, queued: dim, cancelled: dim };
  return paint[state](state);
}

function runLines(runs: readonly RunRow[], { now, style }: Canvas): string[] {
  return rowsOf(
    runs.map((run) => [
      `  ${plain(run.job)}`,
      stateText(run.state, style),
      progressText(run),
      run.state === 'running' ? rateText(rateOf(run.samples, now)) : '',
      style.dim(run.id),
    ]),
  );
}

function counts({ done, retried, dead, other }: JobRow, { red, yellow }: Style): string {
  return [
    `${done} done`,
    retried > 0 ? yellow(`${retried} to be tried again`) : '',
    dead > 0 ? red(`${dead} dead`) : '',
    other > 0 ? `${other} others` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function jobLines(jobs: readonly JobRow[], { now, style }: Canvas): string[] {
  return rowsOf(
    jobs.map((row) => [
      `  ${plain(row.job)}`,
      counts(row, style),
      rateText(rateOf(row.samples, now)),
      style.dim(`last took ${Math.round(row.lastMs)} ms`),
    ]),
  );
}

function webhookLines(webhooks: readonly WebhookRow[], { style }: Canvas): string[] {
  return rowsOf(
    webhooks.map(({ at, verified, result, endpointId }) => [
      `  ${style.dim(timeOf(at))}`,
      verified ? style.green('verified') : style.red('refused'),
      plain(result),
      style.dim(plain(endpointId)),
    ]),
  );
}

function errorLines(errors: readonly ErrorRow[], { style }: Canvas): string[] {
  return rowsOf(
    errors.map(({ at, code, message, place }) => [
      `  ${style.dim(timeOf(at))}`,
      style.red(plain(code ?? 'error')),
      place === null ? '' : plain(place),
      plain(message),
    ]),
  );
}

/** Gives each section what it wants, as far as there is room; none takes more than its share while another wants more. */
function shares(wanted: readonly number[], room: number): number[] {
  const given = wanted.map(() => 0);
  let left = room;
  while (left > 0) {
    const open = wanted.flatMap((want, index) => (want > (given[index] ?? 0) ? [index] : []));
    if (open.length === 0) break;
    for (const index of open.slice(0, left)) given[index] = (given[index] ?? 0) + 1;
    left -= Math.min(open.length, left);
  }
  return given;
}

function sectionLines(sections: readonly Section[], room: number, style: Style): string[] {
  const wanted = sections.map(({ lines }) => Math.max(1, lines.length));
  const given = shares(wanted, room - 2 * sections.length);
  return sections.flatMap(({ title, nothing, lines }, index) => {
    const shown = lines.slice(0, given[index] ?? 0);
    const hidden = lines.length - shown.length;
    const more = hidden > 0 ? style.dim(` (${hidden} more)`) : '';
    return [
      '',
      style.bold(title) + more,
      ...(lines.length === 0 ? [style.dim(`  ${nothing}`)] : shown),
    ];
  });
}

function statusLine({ status }: ViewState, { green, red, yellow, bold }: Style): string {
  const mark = { ok: green('✓'), failed: red('✗'), busy: yellow('…') }[status.kind];
  return `${mark} ${bold('tenon dev')}  ${plain(status.text)}`;
}

function keysLine({ errors }: ViewState, { style, logFile }: Canvas): string {
  const keys = ['q quit', 'r restart', 'c clear', ...(errors.length > 0 ? ['e last error'] : [])];
  return style.dim(`${keys.join(' · ')} · everything printed: ${logFile}`);
}

function overview(state: ViewState, canvas: Canvas): string[] {
  const { rows, style } = canvas;
  const addresses = state.served ? summaryText(state.served, style).split('\n').slice(0, -1) : [];
  const head = [statusLine(state, style), ...addresses];
  const tail = ['', keysLine(state, canvas)];
  if (rows < MIN_ROWS) return [...head.slice(0, Math.max(1, rows - 1)), keysLine(state, canvas)];
  // On a low terminal the sections come before the addresses.
  const kept = head.slice(0, Math.max(1, rows - tail.length - MIN_ROWS));
  const sections: Section[] = [
    { title: 'Runs', nothing: 'none yet', lines: runLines(state.runs, canvas) },
    { title: 'Jobs', nothing: 'none yet', lines: jobLines(state.jobs, canvas) },
    { title: 'Webhooks', nothing: 'none yet', lines: webhookLines(state.webhooks, canvas) },
    { title: 'Errors', nothing: 'none', lines: errorLines(state.errors, canvas) },
  ];
  const body = sectionLines(sections, rows - kept.length - tail.length, style);
  return [...kept, ...body.slice(0, rows - kept.length - tail.length), ...tail];
}

function fullError([error]: readonly ErrorRow[], { rows, style }: Canvas): string[] {
  if (!error) return [style.dim('There was no error. Any key goes back.')];
  const { at, code, message, place, full } = error;
  const head = [
    `${style.red('✗')} ${style.bold(plain(code ?? 'error'))} ${style.dim(timeOf(at))}`,
    `  ${plain(message)}`,
    ...(place === null ? [] : [`  ${plain(place)}`]),
    '',
  ];
  const body = full.split('\n').map(plain);
  const room = Math.max(0, rows - head.length - 1);
  return [...head, ...body.slice(0, room), style.dim('Any key goes back')];
}

/** Sequences that set colours have no width. */
const PIECES = /\u001b\[[0-9;]*m|[^\u001b]/gu;

/** At most so many characters, colours not counted and closed at the end. */
function cut(line: string, columns: number): string {
  let width = 0;
  let result = '';
  for (const piece of line.match(PIECES) ?? []) {
    const colour = piece.startsWith('\u001b');
    if (!colour) width += 1;
    if (colour || width <= columns) result += piece;
  }
  return result;
}

/** The lines of the view: never more than the canvas has rows, none wider than its columns. */
export function renderView(state: ViewState, canvas: Canvas): readonly string[] {
  const lines = state.shows === 'error' ? fullError(state.errors, canvas) : overview(state, canvas);
  return lines.slice(0, canvas.rows).map((line) => cut(line, canvas.columns));
}
