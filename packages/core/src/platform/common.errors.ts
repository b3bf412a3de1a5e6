import type { JsonObject } from './json.js';
import { TenonError } from './tenon.error.js';

/** One thing wrong with an input. */
export interface ValidationIssue {
  /** Where, as a dotted path: `config.pageSize`. Empty for the whole input. */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** `VALIDATION_FAILED`: the input does not fit. `issues` names every place. */
export class ValidationError extends TenonError {
  override readonly name = 'ValidationError';
  readonly issues: readonly ValidationIssue[];

  constructor(what: string, issues: readonly ValidationIssue[], code = 'VALIDATION_FAILED') {
    const list = issues
      .map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message))
      .join('; ');
    super({
      code,
      category: 'validation',
      message: `${what} is not valid: ${list}`,
      details: { issues: issues.map((issue) => ({ path: issue.path, message: issue.message })) },
    });
    this.issues = issues;
  }
}

/** `<THING>_NOT_FOUND`: there is none, or it belongs to another tenant; the two look the same. */
export class NotFoundError extends TenonError {
  override readonly name = 'NotFoundError';

  constructor(thing: string, id: string) {
    super({
      code: `${thing.toUpperCase().replace(/[ -]/g, '_')}_NOT_FOUND`,
      category: 'not_found',
      message: `No ${thing} with id '${id.slice(0, 100)}'`,
      details: { id: id.slice(0, 100) },
    });
  }
}

/** `FORBIDDEN`: the caller is known, but may not do this. */
export class ForbiddenError extends TenonError {
  override readonly name = 'ForbiddenError';

  constructor(message: string, details?: JsonObject) {
    super({ code: 'FORBIDDEN', category: 'forbidden', message, ...(details && { details }) });
  }
}

/** `UNAUTHENTICATED`: no valid token or key came with the call. */
export class UnauthenticatedError extends TenonError {
  override readonly name = 'UnauthenticatedError';

  constructor(
    message = 'Authentication is needed: send a valid bearer token',
    code = 'UNAUTHENTICATED',
  ) {
    super({ code, category: 'unauthenticated', message });
  }
}

/** `VERSION_CONFLICT`: somebody else changed the row since it was read; read it again. */
export class VersionConflictError extends TenonError {
  override readonly name = 'VersionConflictError';

  constructor(thing: string, id: string) {
    super({
      code: 'VERSION_CONFLICT',
      category: 'conflict',
      retryable: true,
      message: `The ${thing} '${id}' was changed by somebody else; read it again and repeat the change`,
      details: { id },
    });
  }
}

/** `UNIQUE_CONFLICT`: another row already has this key. Thrown by persistence adapters. */
export class UniqueConflictError extends TenonError {
  override readonly name = 'UniqueConflictError';

  constructor(thing: string, key: string, cause?: unknown) {
    super({
      code: 'UNIQUE_CONFLICT',
      category: 'conflict',
      message: `There is already a ${thing} with this ${key}`,
      details: { thing, key },
      ...(cause !== undefined && { cause }),
    });
  }
}

/** `CANCELLED`: the caller gave up. */
export class CancelledError extends TenonError {
  override readonly name = 'CancelledError';

  constructor(message = 'The operation was cancelled', cause?: unknown) {
    super({
      code: 'CANCELLED',
      category: 'cancelled',
      message,
      ...(cause !== undefined && { cause }),
    });
  }
}

/** `DEADLINE_EXCEEDED`: the time for the operation is over. */
export class DeadlineExceededError extends TenonError {
  override readonly name = 'DeadlineExceededError';

  constructor(ms: number) {
    super({
      code: 'DEADLINE_EXCEEDED',
      category: 'timeout',
      message: `Not done within ${ms} ms`,
      details: { ms },
    });
  }
}

/** `MISCONFIGURED`: the app's own configuration is wrong. */
export class MisconfiguredError extends TenonError {
  override readonly name = 'MisconfiguredError';

  constructor(message: string, details?: JsonObject) {
    super({
      code: 'MISCONFIGURED',
      category: 'misconfigured',
      message,
      ...(details && { details }),
    });
  }
}

/** `UNAVAILABLE`-like errors of adapters: the technology behind a port does not answer. */
export class UnavailableError extends TenonError {
  override readonly name = 'UnavailableError';

  constructor(code: string, message: string, cause?: unknown) {
    super({ code, category: 'unavailable', message, ...(cause !== undefined && { cause }) });
  }
}
