import { isTenonError } from '@tenon/core';
import { DeployError } from './deploy.errors.js';

/** A call of the SDK that failed: `CloudFormationClient`, `CreateChangeSetCommand`. */
export interface FailedCall {
  readonly client: string;
  readonly command: string;
}

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const PREFIXES: Readonly<Record<string, string>> = {
  CloudFormationClient: 'cloudformation',
  LambdaClient: 'lambda',
  S3Client: 's3',
};

/** Calls whose permission is called otherwise. */
const ACTIONS: Readonly<Record<string, string>> = {
  's3:HeadObject': 's3:GetObject and s3:ListBucket',
  's3:HeadBucket': 's3:ListBucket',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const WRONG_CREDENTIALS =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|InvalidAccessKeyId|AuthFailure|IncompleteSignature)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const DENIED = /AccessDenied|^UnauthorizedOperation$|^Forbidden$|^403$/;
const NETWORK =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|CERT|TimeoutError|socket hang up|Parse Error/;

function actionOf({ client, command }: FailedCall): string {
  const action = `${PREFIXES[client] ?? client}:${command.replace(/Command$/, '')}`;
  return ACTIONS[action] ?? action;
}

function deniedText(message: string, call: FailedCall): string {
  const [, named] = /not authorized to perform: ([A-Za-z0-9:-]+)/.exec(message) ?? [];
  const text = /[a-z]{3}/i.test(message) ? `: ${message}` : '';
  return (
    `AWS does not allow ${named ?? actionOf(call)}${text}. The guide 'Deploying serverless' has a policy ` +
    'with what deploying needs'
  );
}

function credentialsText(name: string, message: string): string {
  if (EXPIRED.test(name)) {
    return `The AWS credentials have expired: sign in again (aws sso login), or renew them`;
  }
  if (NO_CREDENTIALS.test(name)) {
    return `No AWS credentials were found (${message}): name a profile with --profile or AWS_PROFILE, or sign in with aws sso login`;
  }
  return `AWS does not know these credentials (${name}): look at AWS_ACCESS_KEY_ID, AWS_PROFILE and --profile`;
}

/** An error of the SDK in words that say what to do; what it does not know is answered as it is. */
export function awsFailure(error: unknown, call: FailedCall): unknown {
  if (typeof error !== 'object' || error === null || isTenonError(error)) return error;
  const { name = '', code = '', message = '', $metadata } = error as SdkError;
  if (EXPIRED.test(name) || NO_CREDENTIALS.test(name) || WRONG_CREDENTIALS.test(name)) {
    return new DeployError('AWS_CREDENTIALS', credentialsText(name, message), error);
  }
  if (/region is missing/i.test(message)) {
    const text = 'No AWS region is set: add --region, or set AWS_REGION';
    return new DeployError('AWS_CREDENTIALS', text, error);
  }
  if (DENIED.test(name) || $metadata?.httpStatusCode === 403) {
    return new DeployError('AWS_DENIED', deniedText(message, call), error);
  }
  if (NETWORK.test(`${name} ${code} ${message}`)) {
    const text = `AWS cannot be reached for ${actionOf(call)}: ${message || code || name}. Look at the network, --region and AWS_ENDPOINT_URL`;
    return new DeployError('AWS_UNREACHABLE', text, error);
  }
  return error;
}

/** Whatever else AWS answers, with the call that it was an answer to. */
export function awsRefusal(error: unknown): unknown {
  const { name = '', message = '', $metadata } = error as SdkError;
  if (isTenonError(error) || $metadata === undefined) return error;
  return new DeployError('AWS_REFUSED', `AWS refuses: ${message || name} (${name})`, error);
}
