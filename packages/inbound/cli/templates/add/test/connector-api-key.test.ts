import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('my-name connects an account by its API key', async (t) => {
  const provider = await startScriptedServer(({ headers }) =>
    headers['x-api-key'] === 'canary-api-key'
      ? { body: { id: 'account-1', name: 'Acme' } }
      : { status: 401 },
  );
  t.after(() => provider.close());
  const { app, logger, signUp, connect } = startTestApp({ MY_NAME_URL: provider.url });
  t.after(() => app.close());
  const user = await signUp();

  await connect(user, 'my-name', { apiKey: 'canary-api-key' });
  const { items } = await app.commands.connections.list(user, {});
  assert.equal(items[0]?.externalId, 'account-1');
  logger.assertNever('canary-api-key');
});
