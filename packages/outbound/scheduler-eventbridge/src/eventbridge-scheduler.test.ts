import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aSchedule } from '@tenon/testing';
import fc from 'fast-check';
import { createEventBridgeScheduler } from './create-eventbridge-scheduler.js';
import type { EventBridgeSchedulerOptions } from './options.js';
import { GROUP, ROLE, startRig, TARGET } from './scheduler.fixture.js';
import type { Rig } from './scheduler.fixture.js';
import { parseTimerName, timerName } from './timer-name.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(async () => {
  rig.server.clearFaults();
  for (let page = await rig.scheduler.list(null); page.timers.length > 0;) {
    for (const timer of page.timers) await rig.scheduler.remove(timer);
    page = await rig.scheduler.list(null);
  }
});
afterAll(() => rig.stop());

describe('timers at EventBridge Scheduler', () => {
  it('are asked for once, though throttled and cut off', async () => {
    rig.server.failNext({ type: 'ThrottlingException', status: 429 });
    rig.server.failNext({ disconnect: true });
    const schedule = aSchedule();
    expect(await rig.scheduler.ensure(schedule)).toMatchObject({ kept: true });
    expect(rig.server.names).toHaveLength(1);
  });

  it('are made anew where target or role change, and the old ones go', async () => {
    const schedule = aSchedule();
    await rig.scheduler.ensure(schedule);
    const [before] = rig.server.names;
    const other = rig.again({
      targetArn: `${TARGET}-2`,
      deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
    });
    await other.ensure(schedule);
    expect(rig.server.names).toHaveLength(1);
    expect(rig.server.names[0]).not.toBe(before);
  });

  it('are no more than one when many processes ask at once', async () => {
    const schedule = aSchedule();
    await Promise.all(Array.from({ length: 10 }, () => rig.scheduler.ensure(schedule)));
    expect(rig.server.names).toHaveLength(1);
  });

  it('are listed in pages', async () => {
    for (let index = 0; index < 101; index += 1) await rig.scheduler.ensure(aSchedule());
    const first = await rig.scheduler.list(null);
    const second = await rig.scheduler.list(first.next);
    expect([first.timers.length, second.timers.length, second.next]).toEqual([100, 1, null]);
  });

  it('that a schedule cannot have any more are removed', async () => {
    const schedule = aSchedule();
    await rig.scheduler.ensure(schedule);
    const seconds = await rig.scheduler.ensure({ ...schedule, everyMs: 30_000 });
    expect(seconds).toMatchObject({ kept: false, reason: expect.stringContaining('full minutes') });
    expect(rig.server.names).toEqual([]);
  });

  it.each([
    ['AccessDeniedException', 403, 'MISCONFIGURED', 'iam:PassRole'],
    ['ServiceQuotaExceededException', 402, 'MISCONFIGURED', 'quota'],
    ['InternalServerException', 500, 'SCHEDULER_UNAVAILABLE', 'started by the tick'],
  ])('%s becomes %s', async (type, status, ...[code, words]) => {
    rig.server.failNext({ type, status, times: Infinity });
    const failure = rig.scheduler.ensure(aSchedule());
    await expect(failure).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it('need a group that exists', async () => {
    const lost = rig.again({ groupName: 'elsewhere' });
    await expect(lost.ensure(aSchedule())).rejects.toThrow('TENON_SCHEDULER_GROUP');
  });

  it('have names that say whose they are', () => {
    const fingerprint = fc.stringMatching(/^[\w-]{16}$/);
    const property = fc.property(fc.uuid(), fc.uuid(), fingerprint, (tenantId, id, text) => {
      const timer = { tenantId, id, fingerprint: text } as unknown as NonNullable<
        ReturnType<typeof parseTimerName>
      >;
      const name = timerName(timer);
      expect(name).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
      expect(parseTimerName(name)).toEqual(timer);
    });
    fc.assert(property);
    expect(parseTimerName('somebody-elses')).toBeNull();
  });
});

describe('options', () => {
  const good = { groupName: GROUP, targetArn: TARGET, roleArn: ROLE };
  it.each([
    [{ groupNam: 'x' }, "did you mean 'groupName'?"],
    [{ targetArn: 'crm-schedule' }, "'targetArn' must be the ARN of a function"],
    [{ roleArn: TARGET }, "'roleArn' must be the ARN of a role"],
    [{ deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead.fifo' }, 'a standard queue'],
    [{ groupName: 'a b' }, 'the name of a schedule group'],
    [{ maxRetries: 186 }, 'a whole number from 0 to 185'],
  ])('%j is refused', (wrong, message) => {
    const options = { ...good, ...wrong } as EventBridgeSchedulerOptions;
    expect(() => createEventBridgeScheduler(options)).toThrow(message);
  });
});
