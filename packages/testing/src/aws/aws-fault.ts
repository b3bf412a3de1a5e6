/** An error as an AWS service answers it. */
export class AwsFault extends Error {
  override readonly name = 'AwsFault';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** A failure to be answered instead of doing what was asked. */
export interface PlannedFault {
  /** Operation with its service, for example `kms.Decrypt` or `secretsmanager.GetSecretValue`; absent: any. */
  readonly operation?: string;
  /** Error type, for example `ThrottlingException`; absent: `InternalServiceError`. */
  readonly type?: string;
  readonly message?: string;
  /** HTTP status. Default: 400, and 500 without a type. */
  readonly status?: number;
  /** How many calls fail. Default: 1; `Infinity` until the faults are cleared. */
  readonly times?: number;
  /** Cuts the connection instead of answering. */
  readonly disconnect?: boolean;
}
