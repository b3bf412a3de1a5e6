import { describe, expect, it } from '@jest/globals';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { DisableInstallation } from './disable-installation.use-case.js';
import type { InstallationRepository } from './installation-repository.port.js';

/** Of a database with many workers whose jobs fail: `races` times one of them adds its message right after the row was read. */
function withFailingJobs(inner: InstallationRepository, races: number): InstallationRepository {
  let left = races;
  const failed = { level: 'error', code: 'FAILED', text: 'It failed', at: new Date() } as const;
  return new Proxy(inner, {
    get(target, name) {
      if (name !== 'find') return (Reflect.get(target, name) as () => unknown).bind(target);
      const find: InstallationRepository['find'] = async (tenantId, id) => {
        const row = await target.find(tenantId, id);
        left -= 1;
        if (left >= 0) await target.addMessage(tenantId, id, failed);
        return row;
      };
      return find;
    },
  });
}

describe('an installation whose jobs fail one after another', () => {
  it('can be disabled, and keeps what they told meanwhile', async () => {
    const integration = defineIntegration({ ...base, jobs: { work: { run: () => undefined } } });
    const world = await jobWorld(integration);
    const { id: installationId } = await world.addInstallation();
    const { tenants, installations, ...rest } = world.innerPersistence;
    const persistence = { ...rest, tenants, installations: withFailingJobs(installations, 30) };
    const disable = new DisableInstallation({ ...world.parts, persistence });
    await disable.execute(world.context, { installationId });
    const row = await installations.find(world.tenant.id, installationId);
    expect(row).toMatchObject({ status: 'disabled', messages: [{ code: 'FAILED', count: 30 }] });
  });
});
