import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('the schedule my-name of my-integration starts its job', async (t) => {
  const provider = await startScriptedServer(() => ({ body: {} }));
  t.after(() => provider.close());
  const { app, signUp, installed, tick, drain } = startTestApp({}, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();
  const { id: installationId } = await installed(user, 'my-integration');

  await tick();
  await drain();
  const { items } = await app.commands.runs.list(user, { installationId });
  const run = items.find(({ key }) => key?.startsWith('schedule:my-name:'));
  assert.equal(run?.state, 'succeeded');
});
