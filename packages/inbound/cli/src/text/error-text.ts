import { isTenonError } from '@tenon/core';

/** What is shown of an error; crosses process borders as JSON. */
export interface ErrorReport {
  readonly message: string;
  readonly code: string | null;
  readonly stack: string;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`;
}

/** The report of anything that was thrown. */
export function toErrorReport(error: unknown): ErrorReport {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return { message, code: isTenonError(error) ? error.code : null, stack: stackOf(error) };
}

/** Text for people: the message and the code; the stack only for debugging. */
export function errorText(report: ErrorReport, debug: boolean): string {
  const code = report.code === null ? '' : ` (${report.code})`;
  if (debug) return `${report.message}${code}\n${report.stack}`;
  const hint = report.code === null ? '\nRun it with --debug to see where.' : '';
  return `${report.message}${code}${hint}`;
}
