import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('the job my-name of my-integration succeeds', async (t) => {
  const provider = await startScriptedServer(() => ({ body: {} }));
  t.after(() => provider.close());
  const { app, signUp, installed, drain } = startTestApp({}, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();
  const { id: installationId } = await installed(user, 'my-integration');

  const start = { installationId, job: 'my-name' };
  const { id: runId } = await app.commands.installations.startRun(user, start);
  await drain();
  assert.equal((await app.commands.runs.get(user, { runId })).state, 'succeeded');
});
