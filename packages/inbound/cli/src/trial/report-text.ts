import { isTenonError } from '@tenon/core';
import type { TrialJob, TrialReport, TrialWrite, TriedJob } from '@tenon/core';
import type { Io } from '../io.js';
import { titledTable } from '../operate/paging.js';
import type { Column } from '../operate/paging.js';

const MAX_ROWS = 50;
const MAX_BODY = 80;

function short(text: string): string {
  return text.length > MAX_BODY ? `${text.slice(0, MAX_BODY - 1)}…` : text;
}

/** An error for whoever tries a job: nothing is hidden from them. */
export function errorFacts(error: unknown): { readonly code: string; readonly message: string } {
  if (isTenonError(error)) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof Error ? error.name : 'UNEXPECTED_ERROR', message };
}

const jobColumns: readonly Column<TriedJob>[] = [
  ['JOB', ({ job }) => job],
  ['OUTCOME', ({ outcome }) => outcome],
  ['TOOK', ({ tookMs }) => `${Math.round(tookMs)} ms`],
  ['RUN', ({ runId }) => runId ?? '-'],
  [
    'ERROR',
    ({ error }) => {
      if (error === null) return '-';
      const { code, message } = errorFacts(error);
      return `${code}: ${message}`;
    },
  ],
];

const writeColumns: readonly Column<TrialWrite>[] = [
  ['METHOD', ({ method }) => method],
  ['URL', ({ url }) => url],
  ['ANSWERED', ({ status, answeredBy }) => `${status} (${answeredBy})`],
  ['BODY', ({ body }) => (body === null ? '-' : short(body))],
];

/** A URL without its query, in which ids are left out. */
function targetOf({ connector, method, url }: TrialWrite): string {
  const path = url.replace(/\?.*$/, '').replace(/^https?:\/\/[^/]*/, '');
  const parts = path
    .split('/')
    .map((part) => (/\d|\[secret\]/.test(part) && !/^v\d+$/.test(part) ? '…' : part));
  return `${connector}: ${method} ${parts.join('/') || '/'}`;
}

function countsOf(writes: readonly TrialWrite[]): [target: string, count: number][] {
  const counts = new Map<string, number>();
  for (const write of writes) {
    const target = targetOf(write);
    counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  return [...counts];
}

const countColumns: readonly Column<[string, number]>[] = [
  ['COUNT', ([, count]) => String(count)],
  ['TARGET', ([target]) => target],
];

const queuedColumns: readonly Column<TrialJob>[] = [
  ['JOB', ({ job }) => job],
  ['QUEUE', ({ queue }) => queue],
  ['DELAY', ({ delayMs }) => `${delayMs} ms`],
  ['INPUT', ({ input }) => short(JSON.stringify(input))],
];

const mappingColumns: readonly Column<TrialReport['mappings'][number]>[] = [
  ['KIND', ({ kind }) => kind],
  ['WRITTEN', ({ written }) => String(written)],
  ['DELETED', ({ deleted }) => String(deleted)],
];

function section<T>(
  io: Io,
  title: string,
  rows: { readonly items: readonly T[]; readonly columns: readonly Column<T>[] },
): string {
  const { items, columns } = rows;
  if (items.length === 0) return '';
  const more = items.length - MAX_ROWS;
  const rest = more > 0 ? `… and ${more} more; --json has all of them\n` : '';
  return `\n${title}\n${titledTable(io, items.slice(0, MAX_ROWS), columns)}${rest}`;
}

function writesText(io: Io, writes: readonly TrialWrite[]): string {
  if (writes.length === 0) return '\nIt would write nothing to a third party.\n';
  const echoes = writes.filter(({ answeredBy }) => answeredBy === 'echo').length;
  const note =
    echoes > 0
      ? `${echoes} of them were answered with what was sent; 'dryRun.answer' of a connector makes better answers up.\n`
      : '';
  return (
    section(io, 'Not sent: writes that it would make', { items: writes, columns: writeColumns }) +
    section(io, 'By target', { items: countsOf(writes), columns: countColumns }) +
    `\n${note}`
  );
}

/** What a trial came to, for people. */
export function reportText(
  io: Io,
  tried: readonly TriedJob[],
  { report, dryRun }: { readonly report: TrialReport; readonly dryRun: boolean },
): string {
  const { writes, jobs, mappings } = report;
  const queued = dryRun ? 'Not enqueued: jobs that would follow' : 'Left to the workers';
  return [
    titledTable(io, tried, jobColumns),
    dryRun ? writesText(io, writes) : '',
    section(io, 'Not stored: mappings', { items: mappings, columns: mappingColumns }),
    section(io, queued, { items: jobs, columns: queuedColumns }),
  ].join('');
}
