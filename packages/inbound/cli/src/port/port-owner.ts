import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens. */
export interface PortOwner {
  readonly pid: number;
  readonly name: string;
}

/** State of a listening socket in `/proc/net/tcp`. */
const LISTENS = '0A';
const LSOF_LIMIT_MS = 3_000;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function socketsOn(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readText(table).split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(suffix) && fields[3] === LISTENS) {
        sockets.add(`socket:[${fields[9] ?? ''}]`);
      }
    }
  }
  return sockets;
}

function holdsOne(pid: string, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => sockets.has(readlinkSync(`${folder}/${fd}`)));
  } catch {
    // Of somebody else, or gone meanwhile.
    return false;
  }
}

function fromProc(port: number): PortOwner | null {
  const sockets = socketsOn(port);
  if (sockets.size === 0) return null;
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOne(name, sockets));
  if (pid === undefined) return null;
  return { pid: Number(pid), name: readText(`/proc/${pid}/comm`).trim() };
}

/** Where there is no `/proc`: `lsof` writes `p<pid>` and `c<command>`. */
function fromLsof(port: number): PortOwner | null {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const { stdout, error } = spawnSync('lsof', args, { encoding: 'utf8', timeout: LSOF_LIMIT_MS });
  if (error) return null;
  const [, pid, name] = /^p(\d+)\nc(.*)$/m.exec(stdout) ?? [];
  return pid === undefined ? null : { pid: Number(pid), name: name ?? '' };
}

/** What listens on a port of this machine, when that can be known. */
export function portOwner(port: number): PortOwner | null {
  try {
    return process.platform === 'linux' ? fromProc(port) : fromLsof(port);
  } catch {
    return null;
  }
}
