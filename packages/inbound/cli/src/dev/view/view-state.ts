import type { RunProgress, RunState, ServiceActivity } from '@tenon/core';
import { WEBHOOK_JOB } from '@tenon/core';
import type { Served } from '../summary.js';
import { addSample, noSamples } from './rate.js';
import type { Samples } from './rate.js';

type Of<Kind extends ServiceActivity['kind']> = Extract<ServiceActivity, { readonly kind: Kind }>;

/** A run, the one that moved last first. */
export interface RunRow {
  readonly id: string;
  readonly job: string;
  readonly state: RunState;
  readonly progress: RunProgress | null;
  readonly samples: Samples;
}

/** All jobs of one name. */
export interface JobRow {
  readonly job: string;
  readonly done: number;
  readonly retried: number;
  readonly dead: number;
  readonly other: number;
  readonly lastMs: number;
  readonly samples: Samples;
}

/** A webhook, the newest first. */
export interface WebhookRow {
  readonly requestId: string;
  readonly at: number;
  readonly endpointId: string;
  /** Whether the provider was proven to have sent it. */
  readonly verified: boolean;
  readonly result: string;
}

/** An error, the newest first. */
export interface ErrorRow {
  readonly at: number;
  readonly code: string | null;
  readonly message: string;
  /** `src/app.ts:3:5`. */
  readonly place: string | null;
  /** Everything that is known. */
  readonly full: string;
}

/** All that the view shows. */
export interface ViewState {
  readonly status: { readonly kind: 'busy' | 'ok' | 'failed'; readonly text: string };
  readonly served: Served | null;
  readonly runs: readonly RunRow[];
  readonly jobs: readonly JobRow[];
  readonly webhooks: readonly WebhookRow[];
  /** Jobs of webhooks that ended before it was heard that these were accepted. */
  readonly early: readonly Of<'job'>[];
  readonly errors: readonly ErrorRow[];
  readonly shows: 'overview' | 'error';
}

/** More of a kind than fit on any screen are forgotten. */
const MAX_ROWS = 60;

export const emptyView: ViewState = {
  status: { kind: 'busy', text: 'Starting' },
  served: null,
  runs: [],
  jobs: [],
  webhooks: [],
  early: [],
  errors: [],
  shows: 'overview',
};

function withRun(runs: readonly RunRow[], activity: Of<'run'>, at: number): readonly RunRow[] {
  const { runId: id, state } = activity;
  const known = runs.find((run) => run.id === id);
  const progress = activity.progress ?? known?.progress ?? null;
  const row: RunRow = {
    id,
    job: activity.job ?? known?.job ?? 'run',
    state,
    progress,
    samples: addSample(known?.samples ?? noSamples, { at, count: progress?.processed ?? 0 }),
  };
  return [row, ...runs.filter((run) => run !== known)].slice(0, MAX_ROWS);
}

const RETRIED = new Set(['retry_later', 'SHUTDOWN']);

function withJob(jobs: readonly JobRow[], activity: Of<'job'>, at: number): readonly JobRow[] {
  const { job, result, tookMs } = activity;
  const none = { job, done: 0, retried: 0, dead: 0, other: 0, lastMs: 0, samples: noSamples };
  const known = jobs.find((row) => row.job === job) ?? none;
  const column = RETRIED.has(result)
    ? 'retried'
    : result === 'done' || result === 'dead'
      ? result
      : 'other';
  const done = known.done + (column === 'done' ? 1 : 0);
  const row: JobRow = {
    ...known,
    [column]: known[column] + 1,
    lastMs: tookMs,
    samples: addSample(known.samples, { at, count: done }),
  };
  const others = jobs.filter((each) => each.job !== job);
  return [...others, row].sort((a, b) => (a.job < b.job ? -1 : 1)).slice(0, MAX_ROWS);
}

/** In words, what became of the job of a webhook. */
const ENDS: Readonly<Record<string, string>> = {
  done: 'handled',
  dead: 'dead letter',
  retry_later: 'failed, is tried again',
  deferred: 'put off',
};

function withWebhook(state: ViewState, activity: Of<'webhook'>, at: number): ViewState {
  const { requestId, endpointId, result, code } = activity;
  const end = state.early.find((job) => job.requestId === requestId);
  const early = state.early.filter((job) => job !== end);
  const verified = result !== 'refused';
  const row = { requestId, at, endpointId, verified, result: code ?? endOf(end) ?? result };
  return { ...state, early, webhooks: [row, ...state.webhooks].slice(0, MAX_ROWS) };
}

function endOf(job: Of<'job'> | undefined): string | undefined {
  return job && (ENDS[job.result] ?? job.result);
}

function withWebhookEnd(state: ViewState, job: Of<'job'>): ViewState {
  const found = state.webhooks.find(
    ({ requestId, result }) => requestId === job.requestId && result !== 'duplicate',
  );
  if (!found) return { ...state, early: [job, ...state.early].slice(0, MAX_ROWS) };
  const ended = { ...found, result: endOf(job) ?? found.result };
  return { ...state, webhooks: state.webhooks.map((row) => (row === found ? ended : row)) };
}

/** The state after something that the service did, at a time in milliseconds. */
export function withActivity(state: ViewState, activity: ServiceActivity, at: number): ViewState {
  if (activity.kind === 'run') return { ...state, runs: withRun(state.runs, activity, at) };
  if (activity.kind === 'webhook') return withWebhook(state, activity, at);
  const jobs = withJob(state.jobs, activity, at);
  const next = { ...state, jobs };
  return activity.job === WEBHOOK_JOB ? withWebhookEnd(next, activity) : next;
}

/** The state after an error. */
export function withError(state: ViewState, error: ErrorRow): ViewState {
  return { ...state, errors: [error, ...state.errors].slice(0, MAX_ROWS) };
}

/** Without what happened so far. */
export function cleared(state: ViewState): ViewState {
  const { status, served } = state;
  return { ...emptyView, status, served };
}
