import { hasCode, MisconfiguredError, nearestName } from '@tenon/core';
import type { Connection, ConnectionId, ConnectorView, Environment, OpenApp } from '@tenon/core';
import { loadApp } from '../app/load-app.js';
import type { LoadedApp } from '../app/load-app.js';
import { localEnvironment } from '../app/local-environment.js';
import { withOpenApp } from '../app/with-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { connectByBrowser } from '../connect/by-browser.js';
import { CallbackListener } from '../connect/callback-listener.js';
import { clientVariables, describeApp } from '../connect/client-variables.js';
import { developerContext, operatorContext } from '../connect/developer.js';
import { formValues } from '../connect/form-values.js';
import { exitCodes } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { portFlag, switchFlag, textFlag, textsFlag, wholeFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';
import type { Io } from '../io.js';
import { writeDetails } from '../operate/details.js';
import { redact } from '../text/redact.js';
import { word } from '../words.js';

const DEFAULT_TIMEOUT_S = 300;

const flags = {
  name: textFlag('NAME', "What people see (default: the account's name)"),
  reauthorize: textFlag('CONNECTION_ID', 'Authorise this connection again'),
  field: textsFlag('NAME=VALUE', 'A field of the form that is not secret; may be repeated'),
  'field-file': textsFlag('NAME=PATH', 'A field, read from a file or from standard input (-)'),
  port: portFlag('Port of the local callback (default: 3010, or a free one)'),
  'no-open': switchFlag('Open no browser; print the address only'),
  timeout: wholeFlag(
    'SECONDS',
    `How long to wait for the browser (default: ${DEFAULT_TIMEOUT_S})`,
    {
      min: 1,
      max: 600,
    },
  ),
  tenant: textFlag('ID', 'Tenant (default: the only one, or one for local development)'),
  user: textFlag('ID', 'User (default: the only one, or one for local development)'),
  app: appFlag,
  json: jsonFlag,
};

interface Call {
  readonly io: Io;
  readonly connector: string;
  readonly flags: FlagValues<typeof flags>;
  readonly isLocal: boolean;
  readonly missing: readonly string[];
  readonly listener: CallbackListener;
}

function checkConnector(known: readonly string[], connector: string): void {
  if (known.includes(connector)) return;
  const nearest = nearestName(connector, known);
  const hint = nearest ? `did you mean '${nearest}'?` : `connectors: ${known.join(', ') || 'none'}`;
  throw new UsageError(`There is no connector '${connector}'; ${hint}`);
}

function checkFlags({ auth, name }: ConnectorView, values: Call['flags']): void {
  const fields = values.field.length + values['field-file'].length;
  if (auth.type === 'oauth2' && fields > 0) {
    throw new UsageError(`'${name}' is connected in a browser; --field is for forms`);
  }
}

async function connect(call: Call, { commands, context: app }: OpenApp): Promise<Connection> {
  const { io, connector, flags: values, isLocal, listener } = call;
  const work = { commands, context: app, io };
  const wish = { tenant: values.tenant, user: values.user, mayCreate: isLocal };
  const known = values.reauthorize !== null && values.user === null;
  // A connection that is there has its user.
  const context = await (known ? operatorContext(work, wish) : developerContext(work, wish));
  const view = await commands.connectors.get(context, { connector });
  checkFlags(view, values);
  const { name, reauthorize } = values;
  if (view.auth.type === 'oauth2') {
    return connectByBrowser(
      { io, commands, app, context, listener },
      {
        ...{ connector, name, connectionId: reauthorize, missing: call.missing },
        open: !values['no-open'],
        timeoutSeconds: values.timeout ?? DEFAULT_TIMEOUT_S,
      },
    );
  }
  const given = { values: values.field, files: values['field-file'] };
  const filled = await formValues(io, view.auth.fields, given);
  return commands.connections.submit(context, {
    connector,
    fields: filled,
    ...(name !== null && { name }),
    ...(reauthorize !== null && { connectionId: reauthorize as ConnectionId }),
  });
}

/** Tries what is stored now, as calls will use it, and shows it. */
async function show(
  { io, flags: { json } }: Call,
  { commands, context }: OpenApp,
  { id, tenantId, userId }: Connection,
): Promise<ExitCode> {
  const owner = await commands.tenants.contextOf(context, { tenantId, userId });
  const { ok, connection, problem } = await commands.connections.test(owner, { connectionId: id });
  const { connector, name, externalId, state, scopes, profile, lastTestedAt } = connection;
  const shown = { id, connector, name, externalId, state, scopes, profile, tenantId, userId };
  if (!json) io.stderr.write(ok ? 'Connected, tested and stored.\n' : 'Connected and stored.\n');
  writeDetails(io, { ...shown, lastTestedAt, ...(problem && { problem }) }, json);
  if (ok) return exitCodes.ok;
  const why = problem ? `${problem.message} (${problem.code})` : 'unknown';
  io.stderr.write(redact(`The test of it failed: ${why}\n`, io.env));
  return exitCodes.failed;
}

/** Which of the missing variables an app complains of first says little to whoever forgot to start `tenon dev`. */
function withoutDatabase(error: unknown, environment: Environment): unknown {
  const named = (environment['DATABASE_URL'] ?? '') !== '';
  if (named || !hasCode(error, 'MISCONFIGURED')) return error;
  return new MisconfiguredError(
    `${error.message}\nNo tenon dev runs here: start it in another terminal, or set DATABASE_URL and the rest`,
  );
}

async function run(
  io: Io,
  loaded: LoadedApp,
  { connector, values }: { readonly connector: string; readonly values: Call['flags'] },
): Promise<ExitCode> {
  const { environment, isLocal } = localEnvironment(io, loaded.environment);
  const { shape, missing } = describeApp(loaded.app, environment);
  checkConnector(shape.connectors, connector);
  const listener = await CallbackListener.open(values.port);
  // Browsers come back here, not to where the app is served.
  const here = { ...environment, TENON_PUBLIC_URL: listener.origin };
  const client = clientVariables(missing, connector);
  const call = { io, connector, flags: values, isLocal, missing: client, listener };
  try {
    return await withOpenApp(loaded, here, async (app) =>
      show(call, app, await connect(call, app)),
    );
  } catch (error) {
    throw withoutDatabase(error, environment);
  } finally {
    await listener.close();
  }
}

/** `tenon connect`. */
export const connectCommand = defineCommand({
  name: 'connect',
  summary: 'Connect an account: by the browser, or by a form; test it and keep it',
  words: { connector: word('CONNECTOR', 'the name of a connector of the app') },
  flags,
  run: async ({ connector, ...values }, io) =>
    run(io, await loadApp(io, values.app), { connector, values }),
});
