import { createServer } from 'node:net';
import { PortError } from '../cli.errors.js';
import { portOwner } from './port-owner.js';

/** A place to listen. */
export interface Place {
  readonly port: number;
  /** All addresses when undefined. */
  readonly host?: string | undefined;
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: string; readonly cause?: unknown };
  if (cause !== undefined) return codeOf(cause);
  // Errors that cross a process border lose their cause.
  return code === undefined || code === 'PORT_UNAVAILABLE' ? 'EADDRINUSE' : code;
}

function usedBy(port: number): string {
  const owner = portOwner(port);
  if (!owner) return '';
  return ` by ${owner.name === '' ? 'a process' : owner.name} (pid ${owner.pid})`;
}

/** What stands against listening there, and what to do about it. */
export function portError({ port, host }: Place, cause: unknown): PortError {
  const code = codeOf(cause);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new PortError(`${host ?? ''} is no address of this machine; choose another with --host`);
  }
  if (code === 'EACCES') {
    const why = port < 1_024 ? 'ports below 1024 need privileges' : code;
    return new PortError(`Port ${port} may not be used (${why}); choose another with --port`);
  }
  if (code !== 'EADDRINUSE') {
    return new PortError(`Port ${port} cannot be opened (${code}); choose another with --port`);
  }
  const advice = 'stop that, or choose another with --port (0 takes a free one)';
  return new PortError(`Port ${port} is in use${usedBy(port)}; ${advice}`);
}

/** Says early what would otherwise be found out when everything else runs. @throws PortError `PORT_UNAVAILABLE`. */
export function requirePort(place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      reject(portError(place, error));
    });
    server.listen(place.port, place.host, () => {
      server.close(() => {
        resolve();
      });
    });
  });
}
