import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer, testAppContext } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('my-name connects an account by OAuth', async (t) => {
  const provider = await startScriptedServer(({ path, headers }) => {
    if (path === '/oauth/token') {
      return { body: { access_token: 'canary-access-token', token_type: 'Bearer' } };
    }
    return headers.authorization === 'Bearer canary-access-token'
      ? { body: { id: 'account-1', name: 'Acme' } }
      : { status: 401 };
  });
  t.after(() => provider.close());
  const { app, logger, signUp } = startTestApp({
    MY_NAME_URL: provider.url,
    MY_NAME_CLIENT_ID: 'my-app',
    MY_NAME_CLIENT_SECRET: 'canary-client-secret',
  });
  t.after(() => app.close());
  const user = await signUp();
  const { connections } = app.commands;

  const started = await connections.authorize(user, { connector: 'my-name' });
  const state = new URL(started.authorizationUrl).searchParams.get('state') ?? '';
  const { browserBinding } = started;
  // Here a person would sign in and be sent back with a code.
  const callback = { state, code: 'code-1', browserBinding };
  const { connection } = await connections.complete(testAppContext(), callback);
  assert.equal(connection.externalId, 'account-1');
  logger.assertNever('canary-access-token', 'canary-client-secret');
});
