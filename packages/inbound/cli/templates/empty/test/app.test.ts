import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApp } from './test-app.js';

test('the app can be put together, and a user can sign up', async (t) => {
  const { app, signUp } = startTestApp();
  t.after(() => app.close());
  const user = await signUp();
  assert.deepEqual((await app.commands.connections.list(user, {})).items, []);
});
