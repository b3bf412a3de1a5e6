export { awsSecrets, type AwsSecretsOptions, type SecretsLoader } from './aws-secrets.js';
export type { SecretValues } from './parse-secret.js';
export type { SecretsManagerLike } from './secret-reader.js';
export {
  SecretAccessDeniedError,
  SecretMalformedError,
  SecretNotFoundError,
  SecretsUnavailableError,
} from './secrets.errors.js';
