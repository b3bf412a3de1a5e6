import { describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { aCredential, anOutgoingJob, testEncryptor } from '@tenon/testing';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { CheckHealth } from './check-health.use-case.js';
import { CheckReadiness } from './check-readiness.use-case.js';

async function setUp() {
  const world = await jobWorld(defineIntegration(base));
  return { world, parts: { ...world.parts, encryptor: testEncryptor() } };
}

describe('health', () => {
  it('looks at everything', async () => {
    const { world, parts } = await setUp();
    const report = await new CheckHealth(parts).execute(world.app, {});
    expect(report.status).toBe('ok');
    const names = report.checks.map(({ name }) => name);
    expect(names).toEqual(['database', 'encryption', 'keys', 'queue', 'outbox', 'definitions']);
    const definitions = report.checks.at(-1)?.details;
    expect(definitions).toEqual({
      connectors: ['crm', 'desk'],
      integrations: [{ name: 'mirror', version: '1.0.0' }],
    });
  });

  it('is degraded and names the keys that stored values need and no ring has', async () => {
    const persistence = createMemoryPersistence({ encryptor: testEncryptor({ keyId: 'old' }) });
    await persistence.credentials.insert(aCredential());
    const { world, parts } = await setUp();
    const healthOf = async (keyId: string) => {
      const given = { ...parts, persistence, encryptor: testEncryptor({ keyId }) };
      const { status, checks } = await new CheckHealth(given).execute(world.app, {});
      return { status, keys: checks.find(({ name }) => name === 'keys') };
    };
    expect(await healthOf('new')).toMatchObject({
      status: 'degraded',
      keys: { status: 'degraded', details: { missingKeyIds: ['old'] } },
    });
    expect(await healthOf('old')).toMatchObject({ keys: { details: { missingKeyIds: [] } } });
  });

  it('is down when a part is, says nothing of why to the public, and does not wait for ever', async () => {
    const { world, parts } = await setUp();
    const ping = () => Promise.reject(new Error('password canary'));
    const status = () => new Promise<never>(() => undefined);
    const broken = {
      ...parts,
      persistence: { ...parts.persistence, ping },
      queue: { ...parts.queue, capabilities: parts.queue.capabilities, status } as never,
    };
    const checking = new CheckReadiness(broken).execute(world.app, {});
    await world.clock.advance(5_000);
    const report = await checking;
    expect(report).toMatchObject({
      status: 'down',
      checks: [
        { name: 'database', status: 'down' },
        { name: 'queue', status: 'down', durationMs: 5_000 },
      ],
    });
    expect(JSON.stringify(report)).not.toContain('canary');
  });

  it('asks database and queue once for callers at the same time, and again after a second', async () => {
    const { world, parts } = await setUp();
    const asked = { database: 0, queue: 0 };
    let failing = false;
    const ping = async (): Promise<void> => {
      asked.database += 1;
      await Promise.resolve();
      if (failing) throw new Error('down');
    };
    const status = async () => {
      asked.queue += 1;
      return parts.queue.status();
    };
    const counted = {
      ...parts,
      persistence: { ...parts.persistence, ping },
      queue: { ...parts.queue, capabilities: parts.queue.capabilities, status } as never,
    };
    const readiness = new CheckReadiness(counted);
    const ask = () => readiness.execute(world.app, {});

    const together = await Promise.all([ask(), ask(), ask()]);
    await world.clock.advance(999);
    const again = await ask();
    expect(asked).toEqual({ database: 1, queue: 1 });
    expect(new Set([...together, again]).size).toBe(1);

    failing = true;
    await world.clock.advance(1);
    expect((await ask()).status).toBe('down');
    expect((await ask()).status).toBe('down');
    expect(asked).toEqual({ database: 2, queue: 2 });
    failing = false;
    await world.clock.advance(1_000);
    expect((await ask()).status).toBe('ok');
    expect(asked).toEqual({ database: 3, queue: 3 });
  });

  it('finds an encryptor that gives back something else', async () => {
    const { world, parts } = await setUp();
    const encryptor = { ...testEncryptor(), encrypt: () => 'x', decrypt: () => 'y' };
    const report = await new CheckHealth({ ...parts, encryptor }).execute(world.app, {});
    const check = report.checks.find(({ name }) => name === 'encryption');
    expect(check).toMatchObject({ status: 'down', details: { code: 'ENCRYPTION_BROKEN' } });
  });

  it('is degraded when nobody takes jobs out of the outbox', async () => {
    const { world, parts } = await setUp();
    const at = world.clock.now();
    await world.innerPersistence.outbox.add([anOutgoingJob()], at, at);
    await world.clock.advance(5 * 60_000 + 1);
    const report = await new CheckHealth(parts).execute(world.app, {});
    expect(report.status).toBe('degraded');
  });
});
