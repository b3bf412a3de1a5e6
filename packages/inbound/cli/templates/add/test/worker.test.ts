import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApp } from './test-app.js';

test('the queue my-name has jobs', async (t) => {
  const { app } = startTestApp();
  t.after(() => app.close());
  assert.ok(app.queues.includes('my-name'));
});
