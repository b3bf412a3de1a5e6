import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('reads every contact', async (t) => {
  const pages: Record<string, unknown> = {
    '': { items: [{ id: '1', email: 'ada@example.com' }], next: 'two' },
    two: { items: [{ id: '2', email: 'bob@example.com' }], next: null },
  };
  const crm = await startScriptedServer(({ path, query }) =>
    path === '/account'
      ? { body: { id: 'crm-1', name: 'Acme' } }
      : { body: pages[query.get('after') ?? ''] },
  );
  t.after(() => crm.close());
  const { app, logger, signUp, connect, install, drain } = startTestApp({ CRM_URL: crm.url });
  t.after(() => app.close());
  const user = await signUp();
  const account = await connect(user, 'crm', { apiKey: 'canary-api-key' });
  const { id: installationId } = await install(user, 'contacts', { crm: account });

  await drain();
  const { items } = await app.commands.runs.list(user, { installationId });
  assert.equal(items[0]?.state, 'succeeded');
  assert.equal(items[0].progress.processed, 2);
  logger.assertNever('canary-api-key');
});
