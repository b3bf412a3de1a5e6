import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@tenon/core';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** False only when it is known that the process is another program. */
async function mayBePostgres(pid: number): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'postgres';
  } catch {
    return true;
  }
}

/**
 * Makes way for a new server on `pgdata`: waits for one that is just shutting down (its starter was killed) and removes
 * what a killed one left when its process id belongs to another program by now.
 * @throws UnavailableError `EMBEDDED_POSTGRES_BUSY` when a server keeps running there.
 */
export async function clearStaleServer(pgdata: string, waitMs: number): Promise<void> {
  const file = join(pgdata, 'postmaster.pid');
  const end = Date.now() + waitMs;
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const pid = Number.parseInt(text, 10);
    if (!(pid > 0)) return;
    if (!isAlive(pid) || !(await mayBePostgres(pid))) {
      await rm(file, { force: true });
      return;
    }
    if (Date.now() > end) {
      throw new UnavailableError(
        'EMBEDDED_POSTGRES_BUSY',
        `Another PostgreSQL server (process ${pid}) uses ${pgdata}: stop what started it, or choose another dataDir`,
      );
    }
    await sleep(50);
  }
}
