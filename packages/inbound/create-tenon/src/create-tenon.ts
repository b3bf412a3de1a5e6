import { runCli } from '@tenon/cli';
import type { ExitCode, Io } from '@tenon/cli';

/**
 * Runs `npm create tenon`, which is `tenon create`. Never throws; failures are written to `io.stderr`.
 * Answers the exit code: 0 done, 1 failed, 2 called wrongly.
 */
export function createTenon(argv: readonly string[], io: Io): Promise<ExitCode> {
  return runCli(['create', ...argv], io);
}
