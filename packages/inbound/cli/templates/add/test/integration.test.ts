import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('my-name can be installed', async (t) => {
  const provider = await startScriptedServer(() => ({ body: {} }));
  t.after(() => provider.close());
  const { app, signUp, installed } = startTestApp({}, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();

  const installation = await installed(user, 'my-name');
  assert.equal(installation.status, 'enabled');
});
