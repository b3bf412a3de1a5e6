import { secret } from '@tenon/core';
import { anAuthorizationSession } from '../fixtures/entities.js';
import { uniqueName, uniquePast } from '../fixtures/unique.js';
import { atOnce, later, revealed } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

/** Tests of `AuthorizationSessionRepository`. */
export function authorizationSessionContract({ describe, it, expect }: PersistenceSuite): void {
  describe('authorizationSessions', () => {
    it('authorizationSessions: consume answers every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const connection = await world.addConnection();
      const full = anAuthorizationSession({
        ...world.owner,
        connectionId: connection.id,
        codeVerifier: secret('verifier~with.chars'),
        returnTo: 'https://product.example/done?x=1',
        name: "Acme's CRM",
        step: 2,
        totalSteps: 2,
        stepData: secret({ domain: 'acme', deep: [null, 'é'] }),
      });
      for (const session of [full, anAuthorizationSession(world.owner)]) {
        await persistence.authorizationSessions.insert(session);
        const now = later(session.createdAt, 1_000);
        const consumed = await persistence.authorizationSessions.consume(session.stateHash, now);
        expect(revealed(consumed)).toEqual(revealed({ ...session, usedAt: now }));
      }
    });

    it('authorizationSessions: of twenty callers exactly one consumes', async ({ persistence }) => {
      const world = await World.create(persistence);
      const session = anAuthorizationSession(world.owner);
      await persistence.authorizationSessions.insert(session);
      const answers = await atOnce(20, () =>
        persistence.authorizationSessions.consume(session.stateHash, session.createdAt),
      );
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    });

    it('authorizationSessions: expired and unknown ones are not consumed', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const { authorizationSessions } = persistence;
      const session = anAuthorizationSession(world.owner);
      await authorizationSessions.insert(session);
      const { stateHash, expiresAt } = session;
      expect(await authorizationSessions.consume(stateHash, later(expiresAt, 1))).toBeNull();
      expect(await authorizationSessions.consume(uniqueName('state'), expiresAt)).toBeNull();
      // The refusals did not use it up.
      expect(await authorizationSessions.consume(stateHash, later(expiresAt, -1))).not.toBeNull();
    });

    it('authorizationSessions: a form is walked through step by step, and used once at the end', async ({
      persistence,
    }) => {
      const { authorizationSessions } = persistence;
      const world = await World.create(persistence);
      const session = anAuthorizationSession({ ...world.owner, totalSteps: 3 });
      await authorizationSessions.insert(session);
      const { stateHash, createdAt: now } = session;
      expect(revealed(await authorizationSessions.findOpen(stateHash, now))).toEqual(
        revealed(session),
      );
      for (const step of [1, 2]) {
        expect(await authorizationSessions.consume(stateHash, now)).toBeNull();
        const answers = await atOnce(20, (caller) =>
          authorizationSessions.advance(stateHash, { step, stepData: secret({ caller }), now }),
        );
        const winners = answers.filter((answer) => answer !== null);
        expect(winners).toHaveLength(1);
        expect(winners[0]).toMatchObject({ step: step + 1, expiresAt: session.expiresAt });
        expect(revealed(await authorizationSessions.findOpen(stateHash, now))).toEqual(
          revealed(winners[0]),
        );
      }
      const beyond = { step: 3, stepData: secret({}), now };
      expect(await authorizationSessions.advance(stateHash, beyond)).toBeNull();
      const used = await atOnce(20, () => authorizationSessions.consume(stateHash, now));
      expect(used.filter((answer) => answer !== null)).toHaveLength(1);
      expect(await authorizationSessions.findOpen(stateHash, now)).toBeNull();
    });

    it('authorizationSessions: an expired form goes nowhere', async ({ persistence }) => {
      const { authorizationSessions } = persistence;
      const world = await World.create(persistence);
      const session = anAuthorizationSession({ ...world.owner, totalSteps: 2 });
      await authorizationSessions.insert(session);
      const { stateHash, expiresAt } = session;
      const change = { step: 1, stepData: secret({}), now: expiresAt };
      expect(await authorizationSessions.findOpen(stateHash, expiresAt)).toBeNull();
      expect(await authorizationSessions.advance(stateHash, change)).toBeNull();
      expect(
        await authorizationSessions.advance(stateHash, { ...change, now: later(expiresAt, -1) }),
      ).not.toBeNull();
      expect(await authorizationSessions.advance(uniqueName('state'), change)).toBeNull();
    });

    it('authorizationSessions: deleteExpired deletes at most the limit', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const { authorizationSessions } = persistence;
      const past = uniquePast();
      const sessions = [0, 1, 2, 60_000].map((ms) =>
        anAuthorizationSession({ ...world.owner, expiresAt: later(past, ms) }),
      );
      for (const session of sessions) await authorizationSessions.insert(session);
      const before = later(past, 1_000);
      expect(await authorizationSessions.deleteExpired(before, 2)).toBe(2);
      let rest = 0;
      for (;;) {
        const deleted = await authorizationSessions.deleteExpired(before, 100);
        rest += deleted;
        if (deleted < 100) break;
      }
      expect(rest).toBeGreaterThanOrEqual(1);
      const left = await Promise.all(
        sessions.map(({ stateHash }) => authorizationSessions.consume(stateHash, later(past, -1))),
      );
      expect(left.map((session) => session !== null)).toEqual([false, false, false, true]);
    });
  });
}
