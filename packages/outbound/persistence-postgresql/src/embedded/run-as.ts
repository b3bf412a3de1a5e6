import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** An unprivileged user. */
export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** How to start a program. */
export interface RunAs {
  /** Who must own the data; null for oneself. */
  readonly owner: Ids | null;
  /** Options for spawn. */
  readonly ids: Partial<Ids>;
  /** A program, with its arguments, that starts the other one. */
  readonly prefix: readonly string[];
}

const run = promisify(execFile);

async function idsOf(user: string): Promise<Ids> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Lets another user pass folders that only root may enter, such as root's home: changing their modes is not ours to do. */
function passingFolders({ uid, gid }: Ids): readonly string[] {
  const capabilities = '+dac_override,+dac_read_search';
  return [
    'setpriv',
    ...['--reuid', String(uid), '--regid', String(gid), '--clear-groups'],
    // The programs ask with access(2), which would otherwise disregard the capabilities.
    ...['--securebits', '+no_setuid_fixup'],
    ...['--inh-caps', capabilities, '--ambient-caps', capabilities, '--'],
  ];
}

/**
 * PostgreSQL refuses to run as root: then the user `postgres`, or else `nobody`, runs it. Nothing is created.
 * `paths` are what it has to reach.
 */
export async function unprivilegedUser(paths: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { owner: null, ids: {}, prefix: [] };
  const owner = await idsOf('postgres').catch(() => idsOf('nobody'));
  const script = 'for path; do test -r "$path" || exit 1; done';
  const reaches = await run('/bin/sh', ['-c', script, 'reach', ...paths], {
    ...owner,
    cwd: '/',
  }).then(
    () => true,
    () => false,
  );
  if (reaches) return { owner, ids: owner, prefix: [] };
  return { owner, ids: {}, prefix: passingFolders(owner) };
}

/** Program and arguments for spawn. */
export function commandOf(
  { prefix }: RunAs,
  program: string,
  args: readonly string[],
): readonly [string, string[]] {
  const [first = program, ...rest] = [...prefix, program, ...args];
  return [first, rest];
}
