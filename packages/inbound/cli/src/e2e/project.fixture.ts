import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const program = join(packageFolder, 'bin/tenon.js');

/** The end of a command. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** All text so far, both outputs together. */
  text(): string;
  /** Resolves with all text when it holds `wanted`; rejects after `withinMs`. */
  saw(wanted: string | RegExp, withinMs?: number): Promise<string>;
}

/** A project in a temporary folder below this package, where packages resolve as they do for a workspace. */
export interface Project {
  readonly dir: string;
  write(path: string, text: string): void;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCommand;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  /** Ends what still runs and removes the folder. */
  remove(): Promise<void>;
}

/** Waits until `probe` answers something, or rejects with the last failure. */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  options: { readonly withinMs?: number; readonly what?: string } = {},
): Promise<NonNullable<T>> {
  const until = Date.now() + (options.withinMs ?? 15_000);
  let last: unknown = null;
  while (Date.now() < until) {
    try {
      const found = await probe();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Waited in vain for ${options.what ?? 'it'}`, { cause: last });
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function contains(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

function watchCommand(child: ChildProcess): RunningCommand {
  const out = { stdout: '', stderr: '', all: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
      out.all += text;
    });
  }
  const finished = new Promise<Finished>((resolve) => {
    const finish = (): void => {
      // What a command left behind may still hold its outputs open.
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ code: child.exitCode, stdout: out.stdout, stderr: out.stderr });
    };
    child.once('close', finish);
    child.once('exit', () => setTimeout(finish, 1_000).unref());
  });
  return {
    process: child,
    finished,
    text: () => out.all,
    saw: async (wanted, withinMs = 20_000) => {
      const what = `${String(wanted)} in the output`;
      await eventually(() => contains(out.all, wanted), { withinMs, what }).catch(
        (error: unknown) => {
          throw new Error(`${String(error)}; it was:\n${out.all}`);
        },
      );
      return out.all;
    },
  };
}

/** Makes a project with these files. Its commands run from the built package. */
export function createProject(files: Readonly<Record<string, string>>): Project {
  const base = join(packageFolder, '.tenon');
  mkdirSync(base, { recursive: true });
  const dir = mkdtempSync(join(base, 'e2e-'));
  const started: RunningCommand[] = [];
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const { NODE_OPTIONS: _options, FORCE_COLOR: _colour, ...inherited } = process.env;
  const start: Project['start'] = (args, env = {}) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: dir,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const command = watchCommand(child);
    started.push(command);
    return command;
  };
  const remove = async (): Promise<void> => {
    for (const { process: child } of started) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    await Promise.all(started.map(({ finished }) => finished));
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  };
  return { dir, write, start, run: (args, env) => start(args, env).finished, remove };
}
