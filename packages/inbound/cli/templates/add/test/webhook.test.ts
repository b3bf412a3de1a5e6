import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('my-integration works on the webhooks of mySlot', async (t) => {
  const provider = await startScriptedServer(() => ({ body: {} }));
  t.after(() => provider.close());
  const { app, signUp, installed, deliver, drain } = startTestApp({}, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();
  const installation = await installed(user, 'my-integration');

  await deliver(installation, 'mySlot', { id: '1' });
  await drain();
  const deliveries = { installationId: installation.id };
  const { items } = await app.commands.webhooks.listDeliveries(user, deliveries);
  assert.equal(items[0]?.status, 'processed');
});
