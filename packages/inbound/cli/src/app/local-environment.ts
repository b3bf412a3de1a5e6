import type { Environment } from '@tenon/core';
import { readDevNote } from '../dev/dev-note.js';
import type { Io } from '../io.js';
import { styleOf } from '../text/style.js';

/** Where an app is opened. */
export interface LocalEnvironment {
  readonly environment: Environment;
  /** Whether its database belongs to whoever sits here, so that a developer may be made in it. */
  readonly isLocal: boolean;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  return LOOPBACK.test(new URL(url).hostname);
}

/**
 * The environment for commands that work on stored things. A `DATABASE_URL` of the process comes first, then the servers of a `tenon
 * dev` that runs in this folder, then `.env`: whoever has started it works with it. Says so when it takes its servers.
 */
export function localEnvironment(io: Io, loaded: Environment): LocalEnvironment {
  const note = (io.env['DATABASE_URL'] ?? '') === '' ? readDevNote(io.cwd) : null;
  if (!note) return { environment: loaded, isLocal: isLoopback(loaded['DATABASE_URL']) };
  const { dim } = styleOf(io.stderr, io.env);
  io.stderr.write(dim(`On the database of the tenon dev that serves ${note.url}\n`));
  // The SDK of AWS looks for what the local queue takes nowhere else than in the process.
  const aws = Object.entries(note.environment).filter(([name]) => name.startsWith('AWS_'));
  io.setEnvironment(Object.fromEntries(aws));
  return {
    environment: { TENON_PUBLIC_URL: note.url, ...loaded, ...note.environment },
    isLocal: true,
  };
}
