import { join, relative, resolve } from 'node:path';
import { createAppBuilder } from '../app/app-builder.js';
import { findApp } from '../app/find-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand } from '../command.js';
import { DevOutput } from '../dev/dev-output.js';
import { DevSession } from '../dev/dev-session.js';
import type { DevOptions } from '../dev/dev-session.js';
import { DevView } from '../dev/view/dev-view.js';
import { exitCodes } from '../exit-code.js';
import { httpsOriginFlag, portFlag, switchFlag, textFlag } from '../flags.js';
import type { Io, Terminal } from '../io.js';
import { freePort } from '../port/free-port.js';
import { requirePort } from '../port/port-error.js';
import { listenForStop } from '../stop-requests.js';
import { requireWritable } from '../writable.js';

const DEFAULT_PORT = 3000;
/** Development is not for other machines. */
const DEFAULT_HOST = '127.0.0.1';

interface ViewWish {
  readonly view: boolean;
  readonly 'no-view': boolean;
}

/** The terminal to draw on; null for lines. */
function viewTerminal(io: Io, wish: ViewWish): Terminal | null {
  if (wish.view && wish['no-view']) throw new UsageError('--view does not go with --no-view');
  if (wish.view && !io.terminal) throw new UsageError('--view needs a terminal');
  const can = io.terminal !== undefined && io.env['TERM'] !== 'dumb';
  const wanted = wish.view || (!wish['no-view'] && can && (io.env['CI'] ?? '') === '');
  return wanted ? (io.terminal ?? null) : null;
}

/** Runs until somebody asks to stop; a second time does not wait for work in hand. */
async function runSession(
  io: Io,
  options: Omit<DevOptions, 'output' | 'watch'>,
  how: { readonly debug: boolean; readonly terminal: Terminal | null },
): Promise<void> {
  const requests = listenForStop(io);
  const logFile = join(options.directory, 'dev.log');
  const view =
    how.terminal &&
    new DevView({
      ...{ io, terminal: how.terminal, logFile, logName: relative(io.cwd, logFile) },
      onQuit: () => {
        requests.request();
      },
      onRestart: () => {
        session.restart();
      },
    });
  const output = view ?? new DevOutput(io, how.debug);
  const session = new DevSession({ ...options, output, watch: view });
  void requests.first.then(() => {
    output.stopping();
    session.stop();
  });
  void requests.second.then(() => {
    session.hurry();
  });
  try {
    view?.open();
    output.starting(relative(io.cwd, options.app));
    await session.run();
  } finally {
    view?.close();
    requests.release();
  }
  new DevOutput(io, how.debug).stopped();
}

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
    view: switchFlag('Show jobs, runs, webhooks and errors live (default on a terminal)'),
    'no-view': switchFlag('Print lines'),
  },
  run: async (flags, io, { debug }) => {
    const { cwd, env } = io;
    const terminal = viewTerminal(io, flags);
    const app = findApp(cwd, flags.app);
    const host = flags.host ?? DEFAULT_HOST;
    const wanted = flags.port ?? DEFAULT_PORT;
    const directory = resolve(cwd, flags.dir ?? '.tenon');
    await requirePort({ port: wanted, host });
    await requireWritable(directory);
    const options = {
      ...{ cwd, env, app, directory, host, tunnelUrl: flags['tunnel-url'] },
      builder: await createAppBuilder({ cwd, app, name: 'app' }),
      // Chosen once, so that every version is served at the same place.
      port: wanted === 0 ? await freePort(host) : wanted,
    };
    await runSession(io, options, { debug, terminal });
    return exitCodes.ok;
  },
});
