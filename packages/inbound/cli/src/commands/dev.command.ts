import { relative, resolve } from 'node:path';
import { createAppBuilder } from '../app/app-builder.js';
import { findApp } from '../app/find-app.js';
import { appFlag, defineCommand } from '../command.js';
import { DevOutput } from '../dev/dev-output.js';
import { DevSession } from '../dev/dev-session.js';
import { freePort } from '../port/free-port.js';
import { exitCodes } from '../exit-code.js';
import { httpsOriginFlag, portFlag, textFlag } from '../flags.js';
import { requirePort } from '../port/port-error.js';
import { listenForStop } from '../stop-requests.js';
import { requireWritable } from '../writable.js';

const DEFAULT_PORT = 3000;
/** Development is not for other machines. */
const DEFAULT_HOST = '127.0.0.1';

/** `tenon dev`. */
export const devCommand = defineCommand({
  name: 'dev',
  summary: 'Run the app with a database and a queue of its own; restart it on changes',
  flags: {
    app: appFlag,
    port: portFlag('Port of the API, 0 for a free one (default: 3000)'),
    host: textFlag('ADDRESS', 'Address to listen on (default: 127.0.0.1)'),
    'tunnel-url': httpsOriginFlag('Where a tunnel of yours makes the API public'),
    dir: textFlag('FOLDER', 'Where database and key are kept (default: .tenon)'),
  },
  run: async (flags, io, { debug }) => {
    const { cwd, env } = io;
    const app = findApp(cwd, flags.app);
    const host = flags.host ?? DEFAULT_HOST;
    const wanted = flags.port ?? DEFAULT_PORT;
    const directory = resolve(cwd, flags.dir ?? '.tenon');
    await requirePort({ port: wanted, host });
    await requireWritable(directory);
    const output = new DevOutput(io, debug);
    const session = new DevSession({
      cwd,
      env,
      app,
      builder: await createAppBuilder({ cwd, app, name: 'app' }),
      directory,
      // Chosen once, so that every version is served at the same place.
      port: wanted === 0 ? await freePort(host) : wanted,
      host,
      tunnelUrl: flags['tunnel-url'],
      output,
    });
    const requests = listenForStop(io);
    void requests.first.then(() => {
      output.stopping();
      session.stop();
    });
    void requests.second.then(() => {
      session.hurry();
    });
    try {
      output.starting(relative(cwd, app));
      await session.run();
    } finally {
      requests.release();
    }
    output.stopped();
    return exitCodes.ok;
  },
});
