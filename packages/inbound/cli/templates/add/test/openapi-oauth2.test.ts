import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer, testAppContext } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('my-name connects an account by OAuth', async (t) => {
  const tokens = { access_token: 'canary-access-token', token_type: 'Bearer' };
  const provider = await startScriptedServer(({ method }) => ({
    body: method === 'POST' ? tokens : { id: 'account-1', name: 'Acme' },
  }));
  t.after(() => provider.close());
  const environment = {
    MY_NAME_CLIENT_ID: 'client-1',
    MY_NAME_CLIENT_SECRET: 'canary-client-secret',
  };
  const { app, logger, signUp } = startTestApp(environment, { provider: provider.url });
  t.after(() => app.close());
  const user = await signUp();
  const { connections } = app.commands;

  const started = await connections.authorize(user, { connector: 'my-name' });
  const state = new URL(started.authorizationUrl).searchParams.get('state') ?? '';
  const { browserBinding } = started;
  // Here a person would sign in and be sent back with a code.
  const callback = { state, code: 'code-1', browserBinding };
  const { connection } = await connections.complete(testAppContext(), callback);
  assert.equal(connection.state, 'active');
  logger.assertNever('canary-access-token', 'canary-client-secret');
});
