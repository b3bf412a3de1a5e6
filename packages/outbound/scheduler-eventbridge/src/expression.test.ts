import { describe, expect, it } from '@jest/globals';
import { startFakeScheduler } from '@tenon/testing';
import type { FakeSchedulerServer } from '@tenon/testing';
import { Cron } from 'croner';
import fc from 'fast-check';
import { createSchedulerClient } from './scheduler-sdk.js';
import { translate, translateCron } from './expression.js';

function textOf(cron: string): string {
  const translation = translateCron(cron, 'UTC');
  return 'refusal' in translation ? `refused: ${translation.refusal}` : translation.expression.text;
}

describe('cron expressions', () => {
  it.each([
    ['* * * * *', 'cron(* * * * ? *)'],
    ['0 9 * * *', 'cron(0 9 * * ? *)'],
    ['0 9 * * 1-5', 'cron(0 9 ? * MON,TUE,WED,THU,FRI *)'],
    ['0 9 * * 0', 'cron(0 9 ? * SUN *)'],
    ['0 9 * * 7', 'cron(0 9 ? * SUN *)'],
    ['0 9 * * 5-7', 'cron(0 9 ? * SUN,FRI,SAT *)'],
    ['0 9 * * FRI-SUN', 'cron(0 9 ? * SUN,FRI,SAT *)'],
    ['0 9 * * sun,Mon', 'cron(0 9 ? * SUN,MON *)'],
    ['0 9 * * 0-6', 'cron(0 9 ? * * *)'],
    ['0 9 1,15 * *', 'cron(0 9 1,15 * ? *)'],
    ['0 9 ? * 2', 'cron(0 9 ? * TUE *)'],
    ['*/15 * * * *', 'cron(0/15 * * * ? *)'],
    ['5-20/5 8-17 * jan-mar *', 'cron(5,10,15,20 8-17 * 1-3 ? *)'],
    ['0 0 */2 * *', 'cron(0 0 1/2 * ? *)'],
    ['0 30 6 * * *', 'cron(30 6 * * ? *)'],
  ])('%s becomes %s', (cron, expected) => {
    expect(textOf(cron)).toBe(expected);
  });

  it.each([
    ['0 9 1 * 1', 'a day of the month or a day of the week, not both'],
    ['10 0 9 * * *', 'full minutes alone'],
    ['*/10 * * * * *', 'full minutes alone'],
    ['0 9 L * *', "its day of the month is 'L'"],
    ['0 9 * * 5#2', "its day of the week is '5#2'"],
    ['0 9 * * 5L', "its day of the week is '5L'"],
    ['@daily', "its form is '@daily'"],
    ['0 25 * * *', "its expression is '0 25 * * *'"],
    ['5-1 * * * *', "its expression is '5-1 * * * *'"],
    ['0/0 * * * *', "its expression is '0/0 * * * *'"],
  ])('%s is left to the tick, and says why', (cron, reason) => {
    expect(textOf(cron)).toContain(`refused: `);
    expect(textOf(cron)).toContain(reason);
  });
});

const none = { cron: null, timeZone: 'UTC', everyMs: null, runAt: null };
const now = new Date('2026-01-05T10:00:00.000Z');

describe('other schedules', () => {
  it.each([
    [60_000, 'rate(1 minute)'],
    [90 * 60_000, 'rate(90 minutes)'],
    [2 * 3_600_000, 'rate(2 hours)'],
    [24 * 3_600_000, 'rate(1 day)'],
    [14 * 24 * 3_600_000, 'rate(14 days)'],
  ])('every %d ms', (everyMs, text) => {
    const translation = translate({ ...none, kind: 'every', everyMs, runAt: now }, now);
    expect(translation).toMatchObject({ expression: { text, phase: now, once: false } });
  });

  it('at distances of seconds are left to the tick', () => {
    const translation = translate({ ...none, kind: 'every', everyMs: 90_000, runAt: now }, now);
    expect(translation).toMatchObject({ refusal: 'EventBridge wakes at full minutes alone' });
  });

  it('at one moment are not woken before it', () => {
    const runAt = new Date('2026-01-05T11:00:00.001Z');
    const once = { ...none, kind: 'once', runAt } as const;
    expect(translate(once, now)).toMatchObject({
      expression: { text: 'at(2026-01-05T11:00:01)', once: true },
    });
    expect(translate(once, new Date('2026-01-05T11:00:01Z'))).toMatchObject({
      refusal: 'its time is over',
    });
  });
});

/** A field as people write it. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: Math.min(30, max) });
  const part = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, step).map(([text, by]) => `${text}/${by}`),
    step.map((by) => `*/${by}`),
  );
  const parts = fc.array(part, { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
  return fc.oneof(fc.constant('*'), parts);
}

const days = fc.oneof(
  field(1, 31).map((day) => [day, '*'] as const),
  field(0, 6).map((day) => ['*', day] as const),
);

/** Times that the translation names from `now` on, by the fake, which reads expressions in its own way. */
async function timesOf(server: FakeSchedulerServer, text: string, until: Date): Promise<Date[]> {
  const client = createSchedulerClient({ endpoint: server.endpoint, region: 'us-east-1' });
  await client.createSchedule({
    ...{
      Name: 'one',
      GroupName: 'g',
      ScheduleExpression: text,
      ClientToken: 'one',
      Description: '',
    },
    ...{ ScheduleExpressionTimezone: 'UTC', ActionAfterCompletion: 'NONE' },
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      ...{ Arn: 'arn', RoleArn: 'role', Input: '{}' },
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    },
  });
  const times = server.advanceTo(until).map(({ at }) => at);
  client.destroy?.();
  return times;
}

describe('a translation', () => {
  it('names the same times as the expression', async () => {
    process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
    const until = new Date(now.getTime() + 8 * 3_600_000);
    const crons = fc
      .tuple(field(0, 59), field(0, 23), days, field(1, 12))
      .map(
        ([minute, hour, [day, weekday], month]) => `${minute} ${hour} ${day} ${month} ${weekday}`,
      );
    const property = fc.asyncProperty(crons, async (expression) => {
      const translation = translateCron(expression, 'UTC');
      // What is too long is refused; nothing else of these is.
      if ('refusal' in translation) {
        expect(translation.refusal).toContain('characters');
        return;
      }
      const server = await startFakeScheduler({ groups: ['g'], now });
      try {
        const cron = new Cron(expression, { timezone: 'UTC', paused: true });
        const expected: Date[] = [];
        for (
          let next = cron.nextRun(now);
          next !== null && next <= until;
          next = cron.nextRun(next)
        )
          expected.push(next);
        expect(await timesOf(server, translation.expression.text, until)).toEqual(expected);
      } finally {
        await server.stop();
      }
    });
    await fc.assert(property, { numRuns: 30 });
  });
});
