import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConnectionId } from '../connection/connection.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { TenantId } from '../tenant/tenant.js';
import type { Credential } from './credential.js';
import { hasCode } from '../platform/tenon.error.js';
import { delayed, refreshWorld } from './refresh-world.fixture.js';
import type { TokenPlan } from './rotating-provider.fixture.js';

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);
const outcome = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', codeOf);

describe('refreshing across processes', () => {
  it('sends one token request for 50 calls in 5 processes with an expired token', async () => {
    const world = await refreshWorld({ lifetimeMs: 10_000 });
    await world.clock.advance(20_000);
    const clients = Array.from({ length: 5 }, () => world.process());
    const calls = clients.flatMap((client) => Array.from({ length: 10 }, () => client.get('/me')));
    await world.drive(Promise.all(calls));
    expect(world.provider.tokenRequests).toBe(1);
    expect((await world.stored()).material).toMatchObject(world.provider.newest);
    expect(world.events.filter(({ type }) => type === 'credential.refreshed')).toHaveLength(1);
  });

  it('never spends a refresh token twice and never loses the newest, however requests interleave', async () => {
    const plans = fc.array(
      fc.record({
        latencyMs: fc.integer({ min: 0, max: 20_000 }),
        fault: fc.constantFrom(undefined, undefined, undefined, 'unavailable', 'rate_limited'),
      }),
      { minLength: 1, maxLength: 20 },
    );
    const delays = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 30_000 }) },
      ),
      { minLength: 5, maxLength: 60 },
    );
    const calls = fc.array(
      fc.record({
        process: fc.integer({ min: 0, max: 3 }),
        atMs: fc.integer({ min: 0, max: 60_000 }),
      }),
      { minLength: 2, maxLength: 16 },
    );
    await fc.assert(
      fc.asyncProperty(plans, delays, calls, async (tokenPlans, delayPlan, script) => {
        let plan = 0;
        let delay = 0;
        const world = await refreshWorld({
          lifetimeMs: 4_000,
          plan: () => tokenPlans[plan++ % tokenPlans.length] as TokenPlan,
          limits: { totalTimeoutMs: 400_000 },
        });
        // Leases end under their holders: the marker in the row has to hold alone, while statements take less than the grace.
        const shared = delayed(
          withoutRenewal(world.persistence),
          world.clock,
          () => delayPlan[delay++ % delayPlan.length] ?? 0,
        );
        const clients = Array.from({ length: 4 }, () =>
          world.process({ shared, options: { leaseMs: 3_000, attemptGraceMs: 31_000 } }),
        );
        const results = script.map(async ({ process, atMs }) => {
          await world.clock.sleep(atMs);
          return outcome(clients[process]!.get('/me'));
        });
        const codes = await world.drive(Promise.all(results), 500);
        // A refresh outlives the calls that wanted it: what it got is stored later, by a database that takes its time.
        await world.drive(world.clock.sleep(120_000), 500);
        expect(world.provider.reuses).toBe(0);
        expect((await world.stored()).material).toMatchObject(world.provider.newest);
        expect((await world.reload()).state).toBe('active');
        // A token that lives shorter than the database needs to answer may be refused when it is used at last.
        for (const code of codes) {
          expect([
            'ok',
            'PROVIDER_UNAVAILABLE',
            'PROVIDER_RATE_LIMITED',
            'PROVIDER_REJECTED',
          ]).toContain(code);
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  }, 60_000);

  it('does not send the token again when a refresh outlives its lease', async () => {
    const world = await refreshWorld({
      lifetimeMs: 10_000,
      plan: () => ({ latencyMs: 12_000 }),
    });
    const { persistence } = world;
    await world.clock.advance(20_000);
    const shared = withoutRenewal(persistence);
    const first = world.process({ shared, options: { leaseMs: 2_000 } }).get('/me');
    await world.clock.advance(5_000);
    const second = world.process().get('/me');
    await world.drive(Promise.all([first, second]));
    expect(world.provider.tokenRequests).toBe(1);
    expect(world.provider.reuses).toBe(0);
  });

  it('goes on after a process that died with the request unsent, once its time is over', async () => {
    const plans: TokenPlan[] = [{ latencyMs: 0, fault: 'dies-before' }, { latencyMs: 100 }];
    const world = await refreshWorld({ lifetimeMs: 10_000, plan: () => plans.shift()! });
    await world.clock.advance(20_000);
    void world.process({ shared: withoutRenewal(world.persistence) }).get('/me');
    await world.clock.advance(1_000);
    const startedMs = world.clock.monotonicMs();
    const others = [world.process(), world.process()].map((client) => client.get('/me'));
    await world.drive(Promise.all(others));
    expect(world.provider.tokenRequests).toBe(2);
    expect(world.clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(29_000);
  });

  it('asks for re-authorisation when the answer died with its process and the token is spent', async () => {
    const plans: TokenPlan[] = [{ latencyMs: 100, fault: 'dies-after' }, { latencyMs: 100 }];
    const world = await refreshWorld({ lifetimeMs: 10_000, plan: () => plans.shift()! });
    await world.clock.advance(20_000);
    void world.process({ shared: withoutRenewal(world.persistence) }).get('/me');
    await world.clock.advance(1_000);
    const others = Array.from({ length: 3 }, () => outcome(world.process().get('/me')));
    const codes = await world.drive(Promise.all(others));
    expect(codes).toEqual(Array.from({ length: 3 }, () => 'CONNECTION_NEEDS_REAUTHORIZATION'));
    expect(world.provider.tokenRequests).toBe(2);
    expect(await world.reload()).toMatchObject({
      state: 'needs_reauthorization',
      problem: { code: 'invalid_grant' },
    });
    const told = world.events.filter(({ type }) => type === 'connection.needs_reauthorization');
    expect(told).toHaveLength(1);
    expect(await world.drive(outcome(world.process().get('/me')))).toBe(
      'CONNECTION_NEEDS_REAUTHORIZATION',
    );
    expect(world.provider.tokenRequests).toBe(2);
  });

  it('stores a rotated token although the database is away for a while', async () => {
    const world = await refreshWorld({ lifetimeMs: 10_000 });
    const { persistence, clock } = world;
    let failures = 0;
    const flaky = {
      ...persistence,
      credentials: {
        insert: (credential: Credential) => persistence.credentials.insert(credential),
        findByConnection: (tenantId: TenantId, id: ConnectionId) =>
          persistence.credentials.findByConnection(tenantId, id),
        update: async (credential: Credential) => {
          if (credential.refreshAttempt === null && (failures += 1) <= 5) {
            throw new Error('the database is away');
          }
          return persistence.credentials.update(credential);
        },
      },
    };
    await clock.advance(20_000);
    await world.drive(world.process({ shared: flaky }).get('/me'));
    expect(failures).toBe(6);
    expect((await world.stored()).material).toMatchObject(world.provider.newest);
  });
});

describe('an outage at the token endpoint', () => {
  const outage = (): TokenPlan => ({ latencyMs: 10, fault: 'unavailable' });

  it('leaves the connection active, cools down longer each time and says when to try again', async () => {
    const world = await refreshWorld({ lifetimeMs: 10_000, plan: outage });
    await world.clock.advance(20_000);
    const client = world.process();
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) {
      const error: unknown = await world.drive(client.get('/me').catch((e: unknown) => e));
      expect(hasCode(error, 'PROVIDER_UNAVAILABLE') && error.retryable).toBe(true);
      waits.push((error as { retryAfterMs?: number }).retryAfterMs);
      const again: unknown = await world.drive(client.get('/me').catch((e: unknown) => e));
      expect(hasCode(again, 'PROVIDER_UNAVAILABLE')).toBe(true);
      expect(world.provider.tokenRequests).toBe(i + 1);
      await world.clock.advance(waits[i] ?? 0);
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect((await world.reload()).state).toBe('active');
    expect(world.events.filter(({ type }) => type === 'credential.refresh_failed')).toHaveLength(4);
  });

  it('uses the token that is still good', async () => {
    const world = await refreshWorld({ lifetimeMs: 10_000, plan: outage });
    await world.clock.advance(9_200);
    const client = world.process();
    await expect(world.drive(client.get('/me'), 5)).resolves.toEqual({ ok: true });
    await expect(world.drive(client.get('/me'), 5)).resolves.toEqual({ ok: true });
    expect(world.provider.tokenRequests).toBe(1);
  });
});

describe('a credential without refresh token', () => {
  it('is used to its end, then a person has to connect again', async () => {
    const world = await refreshWorld({ lifetimeMs: 10_000, refreshToken: null });
    await world.clock.advance(9_500);
    const client = world.process();
    await expect(world.drive(client.get('/me'))).resolves.toEqual({ ok: true });
    await world.clock.advance(1_000);
    expect(await world.drive(outcome(client.get('/me')))).toBe('CONNECTION_NEEDS_REAUTHORIZATION');
    expect((await world.reload()).problem?.code).toBe('no_refresh_token');
  });
});

/** The repositories of a process whose leases are not renewed, as when it is held up or dead. */
function withoutRenewal(persistence: Persistence): Persistence {
  const { leases } = persistence;
  return {
    ...persistence,
    leases: {
      acquire: (input) => leases.acquire(input),
      renew: () => Promise.resolve(null),
      release: (lease) => leases.release(lease),
    },
  };
}
