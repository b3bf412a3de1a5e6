/** A refusal that a service answers as JSON: `{ error: { code, message, details? } }`. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: unknown;

  constructor(
    status: number,
    code: string,
    rest: { message: string; headers?: Record<string, string>; details?: unknown },
  ) {
    super(rest.message);
    this.name = 'ServiceError';
    this.status = status;
    this.code = code;
    this.headers = rest.headers ?? {};
    this.details = rest.details;
  }
}

/** 400: the request cannot be read. */
export function badRequest(code: string, message: string): ServiceError {
  return new ServiceError(400, code, { message });
}

/** 404: there is no such thing. */
export function notFound(message: string): ServiceError {
  return new ServiceError(404, 'not_found', { message });
}

/** 422: the request can be read but breaks a rule. */
export function unprocessable(code: string, message: string): ServiceError {
  return new ServiceError(422, code, { message });
}
