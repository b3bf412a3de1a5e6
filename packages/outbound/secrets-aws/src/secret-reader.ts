/** Which secret to read. */
export interface SecretRequest {
  /** Name or ARN. */
  readonly secretId: string;
  readonly versionStage: string | undefined;
}

/** Reads the text of a secret; throws the service's own errors, with their names. */
export type SecretReader = (request: SecretRequest) => Promise<string | undefined>;

/** What both ways answer. */
export interface SecretAnswer {
  readonly SecretString?: string | undefined;
}

/** The part of `SecretsManager` of `@aws-sdk/client-secrets-manager` that is used. */
export interface SecretsManagerLike {
  getSecretValue(input: { SecretId: string; VersionStage?: string }): Promise<SecretAnswer>;
}

/** Settings of the client that is made when none is given. */
export interface SdkSettings {
  readonly region?: string;
  readonly endpoint?: string;
}

/** An error that carries the name the service gave it. */
export function serviceError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
