import { TenonError } from '@tenon/core/kernel';

/** `LAMBDA_EVENT_UNSUPPORTED`: the HTTP entry was invoked by something that is no HTTP gateway. */
export class UnsupportedEventError extends TenonError {
  override readonly name = 'UnsupportedEventError';

  constructor(handler: string) {
    super({
      code: 'LAMBDA_EVENT_UNSUPPORTED',
      category: 'misconfigured',
      message:
        `${handler}: the event comes from no HTTP gateway; ` +
        'connect this function to API Gateway (payload format 1.0 or 2.0), a function URL or a load balancer',
    });
  }
}

/** `HTTP_RESPONSE_ABORTED`: the app destroyed the response, or the connection under it, before its end. */
export class ResponseAbortedError extends TenonError {
  override readonly name = 'ResponseAbortedError';

  constructor(cause?: unknown) {
    super({
      code: 'HTTP_RESPONSE_ABORTED',
      category: 'internal',
      message: 'The response was destroyed before its end',
      ...(cause !== undefined && { cause }),
    });
  }
}

/** `PEER_NOT_INSTALLED`: an optional package that the options ask for is missing. */
export class PeerNotInstalledError extends TenonError {
  override readonly name = 'PeerNotInstalledError';

  constructor(peer: string, option: string, cause: unknown) {
    super({
      code: 'PEER_NOT_INSTALLED',
      category: 'misconfigured',
      message: `${option} needs the package '${peer}': add it with 'npm install ${peer}'`,
      details: { peer },
      cause,
    });
  }
}

/**
 * `HALTED`, or a code of your own: stops a job whose repetition can only fail again. {@link createHandler} logs it and
 * ends the invocation as if it had succeeded, so that neither Lambda nor a queue sends the event once more.
 *
 * Any error with a true `halt` property counts as one.
 */
export class HaltError extends TenonError {
  override readonly name = 'HaltError';
  readonly halt = true;

  constructor(message: string, options: { readonly code?: string; readonly cause?: unknown } = {}) {
    super({
      code: options.code ?? 'HALTED',
      category: 'precondition',
      message,
      retryable: false,
      ...(options.cause !== undefined && { cause: options.cause }),
    });
  }
}

/** True for errors that must not bring the event back. */
export function isHaltError(error: unknown): boolean {
  return error instanceof Error && 'halt' in error && error.halt === true;
}
