import { TenonError } from '@tenon/core';

/** `USAGE`: the command line itself is wrong. */
export class UsageError extends TenonError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super({ code: 'USAGE', category: 'validation', message });
  }
}

/** `APP_NOT_FOUND`, `APP_INVALID`, `APP_BUILD_FAILED`, `APP_LOAD_FAILED`: the app's module cannot be used. */
export class AppError extends TenonError {
  override readonly name = 'AppError';

  constructor(
    code: 'APP_NOT_FOUND' | 'APP_INVALID' | 'APP_BUILD_FAILED' | 'APP_LOAD_FAILED',
    message: string,
    cause?: unknown,
  ) {
    super({ code, category: 'misconfigured', message, ...(cause !== undefined && { cause }) });
  }
}

/** `LOCAL_PROCESS_ENDED`: a process of `tenon dev` ended by itself. */
export class LocalProcessError extends TenonError {
  override readonly name = 'LocalProcessError';

  constructor(message: string) {
    super({ code: 'LOCAL_PROCESS_ENDED', category: 'unavailable', message });
  }
}

/** `PORT_UNAVAILABLE`: nothing can listen there. */
export class PortError extends TenonError {
  override readonly name = 'PortError';

  constructor(message: string) {
    super({ code: 'PORT_UNAVAILABLE', category: 'unavailable', message });
  }
}

/** `FOLDER_NOT_WRITABLE`: a folder that the command needs is read-only, full or no folder. */
export class FolderError extends TenonError {
  override readonly name = 'FolderError';

  constructor(message: string, cause: unknown) {
    super({ code: 'FOLDER_NOT_WRITABLE', category: 'misconfigured', message, cause });
  }
}

/** `PROJECT_NOT_CREATED`: a new project cannot be made there; nothing was left behind. */
export class ProjectError extends TenonError {
  override readonly name = 'ProjectError';

  constructor(message: string, cause?: unknown) {
    const category = 'conflict';
    super({
      code: 'PROJECT_NOT_CREATED',
      category,
      message,
      ...(cause !== undefined && { cause }),
    });
  }
}

/** `STOPPED`: somebody asked the command to stop before it was done. */
export class StoppedError extends TenonError {
  override readonly name = 'StoppedError';

  constructor(message: string) {
    super({ code: 'STOPPED', category: 'unavailable', message });
  }
}

/**
 * What cannot be added, and nothing was written: `ADD_CONFLICT` (something else has the name), `ADD_BY_HAND` (the sources are not
 * built in a way that can be edited), `ADD_FAILED`.
 */
export class AddError extends TenonError {
  override readonly name = 'AddError';

  constructor(
    code: 'ADD_CONFLICT' | 'ADD_BY_HAND' | 'ADD_FAILED',
    message: string,
    cause?: unknown,
  ) {
    const category = code === 'ADD_CONFLICT' ? 'conflict' : 'misconfigured';
    super({ code, category, message, ...(cause !== undefined && { cause }) });
  }
}

/** `OPENAPI_INVALID`: a description of an API cannot be used; names the place. */
export class OpenApiError extends TenonError {
  override readonly name = 'OpenApiError';

  constructor(message: string, cause?: unknown) {
    const category = 'validation';
    super({ code: 'OPENAPI_INVALID', category, message, ...(cause !== undefined && { cause }) });
  }
}
