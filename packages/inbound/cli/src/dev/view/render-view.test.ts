import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { WEBHOOK_JOB } from '@tenon/core';
import type { ServiceActivity } from '@tenon/core';
import fc from 'fast-check';
import { styleOf } from '../../text/style.js';
import { loggedError } from './log-lines.js';
import { renderView } from './render-view.js';
import { cleared, emptyView, withActivity, withError } from './view-state.js';
import type { ViewState } from './view-state.js';

const RUN = '0197f000-0000-7000-8000-000000000001' as never;
const coloured = styleOf({ isTTY: true, write: () => undefined }, {});
const served = {
  url: 'http://localhost:3000',
  tunnelUrl: null,
  service: { connectors: ['crm'], integrations: ['contacts'], queues: ['default'] },
  servers: [{ name: 'SQS', address: 'http://127.0.0.1:4566' }],
};
const running: ViewState = { ...emptyView, served, status: { kind: 'ok', text: 'Ready 812 ms' } };

function after(activities: readonly ServiceActivity[], state = running): ViewState {
  return activities.reduce((before, each, index) => withActivity(before, each, index * 500), state);
}

function text(state: ViewState, { columns = 100, rows = 40, now = 2_000 } = {}): string {
  const canvas = { columns, rows, now, style: coloured, logFile: '.tenon/dev.log' };
  return renderView(state, canvas).map(stripVTControlCharacters).join('\n');
}

const progress = (processed: number, total: number | null = null) => ({
  ...{ total, processed, succeeded: processed, failed: 0, skipped: 0 },
});
const job = (name: string, result: string, requestId = 'r'): ServiceActivity => ({
  ...{ kind: 'job', job: name, queue: 'default', requestId, result, tookMs: 12 },
});
const webhook = (requestId: string, code: string | null = null): ServiceActivity => ({
  ...{ kind: 'webhook', requestId, endpointId: `endpoint-${requestId}`, code },
  result: code === null ? 'accepted' : 'refused',
});

describe('the view of tenon dev', () => {
  it('tells what is served, and that nothing has happened', () => {
    const shown = text(running);
    expect(shown).toContain('✓ tenon dev  Ready 812 ms');
    expect(shown).toMatch(/API +http:\/\/localhost:3000\/api\n/);
    expect(shown).toMatch(/\nRuns\n {2}none yet\n\nJobs\n {2}none yet\n\nWebhooks\n {2}none yet\n/);
    expect(shown).toMatch(/q quit · r restart · c clear · everything printed: \.tenon\/dev\.log$/);
  });

  it('shows a run with name, state, progress and rate', () => {
    const started = {
      kind: 'run',
      runId: RUN,
      job: 'page',
      state: 'queued',
      progress: null,
    } as const;
    const moved = (processed: number): ServiceActivity => ({
      ...{ kind: 'run', runId: RUN, job: null, state: 'running' },
      progress: progress(processed, 400),
    });
    const state = after([started, moved(50), moved(100)]);
    // From 0 to 100 within a second.
    expect(text(state, { now: 1_000 })).toMatch(/ page {2}running {2}██░{8} 100 of 400 {2}100\/s/);
    const end = { kind: 'run', runId: RUN, job: null, state: 'succeeded', progress: null } as const;
    expect(text(after([end], state))).toMatch(/ page {2}succeeded {2}██░{8} 100 of 400 {3,}0197f/);
  });

  it('counts jobs by name and by what became of them', () => {
    const results = ['done', 'done', 'retry_later', 'dead', 'parked'];
    const shown = text(after(results.map((result) => job('page', result))), { now: 2_000 });
    expect(shown).toMatch(/ page {2}2 done, 1 to be tried again, 1 dead, 1 others/);
    expect(shown).toContain('last took 12 ms');
  });

  it('tells of webhooks whether they were verified, and what became of them', () => {
    const state = after([
      webhook('a'),
      job(WEBHOOK_JOB, 'done', 'a'),
      webhook('b', 'WEBHOOK_SIGNATURE_INVALID'),
      // Worked on before its acceptance was heard of.
      job(WEBHOOK_JOB, 'dead', 'c'),
      webhook('c'),
      webhook('d'),
    ]);
    const lines = text(state)
      .split('\n')
      .filter((line) => line.includes('endpoint-'));
    expect(lines.map((line) => line.trim().split(/ {2,}/).slice(1))).toEqual([
      ['verified', 'accepted', 'endpoint-d'],
      ['verified', 'dead letter', 'endpoint-c'],
      ['refused', 'WEBHOOK_SIGNATURE_INVALID', 'endpoint-b'],
      ['verified', 'handled', 'endpoint-a'],
    ]);
  });

  it('shows errors of the log with code and place, and the last one in full', () => {
    const stack = 'Error: no\n    at f (/app/node_modules/x.js:1:1)\n    at g (/app/src/a.ts:3:5)';
    const error = { message: 'no', code: 'PROVIDER_UNAVAILABLE', stack };
    const line = JSON.stringify({ level: 'warn', message: 'A job failed', job: 'page', error });
    const row = loggedError(line, '/app', 0);
    expect(row).toMatchObject({ place: 'src/a.ts:3:5', message: 'A job failed: no' });
    const state = row ? withError(running, row) : running;
    expect(text(state)).toMatch(/PROVIDER_UNAVAILABLE {2}src\/a\.ts:3:5 {2}A job failed: no\n/);
    expect(text(state)).toContain('e last error');
    const full = text({ ...state, shows: 'error' });
    expect(full).toContain('    at g (/app/src/a.ts:3:5)');
    expect(full).toContain('"job": "page"');
    expect(text(cleared(state))).toMatch(/Errors\n {2}none\n/);
    for (const other of [
      '{"level":"info","message":"x"}',
      '{"level":"warn","message":"x"}',
      '{',
      'x',
    ])
      expect(loggedError(other, '/app', 0)).toBeNull();
  });

  it('says how many lines of a section there is no room for', () => {
    const many = Array.from({ length: 30 }, (_, index) => webhook(String(index)));
    expect(text(after(many), { rows: 30 })).toMatch(/Webhooks \(\d+ more\)\n/);
  });

  it('never leaves its canvas, and lets no text of others move the cursor', () => {
    const activities: fc.Arbitrary<ServiceActivity[]> = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }).map((name) => job(name, 'done')),
        fc.string({ unit: 'binary' }).map((id) => webhook(id)),
      ),
      { maxLength: 30 },
    );
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 200 }),
      rows: fc.integer({ min: 1, max: 60 }),
      full: fc.boolean(),
    });
    const message = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(activities, size, message, (heard, { full, ...canvas }, said) => {
        const error = { at: 0, code: null, message: said, place: said, full: said };
        const state = withError(after(heard), error);
        const shows = full ? 'error' : 'overview';
        const lines = renderView(
          { ...state, shows },
          { ...canvas, now: 0, style: coloured, logFile: 'dev.log' },
        );
        expect(lines.length).toBeLessThanOrEqual(canvas.rows);
        for (const line of lines) {
          const bare = line.replaceAll(/\u001b\[\d+m/g, '');
          expect(bare).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          expect(Array.from(bare).length).toBeLessThanOrEqual(canvas.columns);
        }
      }),
      { numRuns: 40 },
    );
  });
});
