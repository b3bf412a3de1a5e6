import { TenonError } from '../platform/tenon.error.js';

/** `RECORDING_INVALID`: a recording cannot be read; names the line. */
export function recordingInvalid(line: number, why: string): TenonError {
  return new TenonError({
    code: 'RECORDING_INVALID',
    category: 'validation',
    message: `The recording is not valid: line ${line}: ${why}`,
    details: { line },
  });
}

/** `RECORDING_MISMATCH`: something else is asked for than what was recorded. */
export function recordingMismatch(asked: string, why: string): TenonError {
  return new TenonError({
    code: 'RECORDING_MISMATCH',
    category: 'precondition',
    message: `The recording has no answer to ${asked}: ${why}`,
    details: { request: asked },
  });
}
