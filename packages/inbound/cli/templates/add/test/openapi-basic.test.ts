import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('my-name connects an account by what its form asks for', async (t) => {
  const provider = await startScriptedServer(() => ({ body: { id: 'account-1', name: 'Acme' } }));
  t.after(() => provider.close());
  const { app, logger, signUp, connect } = startTestApp({}, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();

  await connect(user, 'my-name', { username: 'ada', password: 'canary-password' });
  const { items } = await app.commands.connections.list(user, {});
  assert.equal(items[0]?.state, 'active');
  logger.assertNever('canary-password');
});
