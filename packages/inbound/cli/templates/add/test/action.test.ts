import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('the action my-name of my-integration answers', async (t) => {
  const provider = await startScriptedServer(() => ({ body: {} }));
  t.after(() => provider.close());
  const { app, signUp, installed } = startTestApp({}, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();
  const { id: installationId } = await installed(user, 'my-integration');

  const call = { installationId, action: 'my-name' };
  assert.deepEqual(await app.commands.installations.runAction(user, call), { done: true });
});
