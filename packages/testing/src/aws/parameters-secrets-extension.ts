/** A call to the HTTP interface of the Lambda Parameters and Secrets extension. */
export interface ExtensionCall {
  readonly url: string;
  readonly token: string | string[] | undefined;
  readonly expectedToken: string;
  readonly getSecretValue: (
    input: Readonly<Record<string, unknown>>,
  ) => { readonly status: number; readonly body: object } | null;
}

/** Answers `GET /secretsmanager/get?secretId=…` the way the extension does. */
export function answerExtension(
  call: ExtensionCall,
): { readonly status: number; readonly body: object } | null {
  const url = new URL(call.url, 'http://localhost');
  if (url.pathname !== '/secretsmanager/get')
    return { status: 404, body: { message: 'not found' } };
  if (call.token !== call.expectedToken) {
    return { status: 401, body: { message: 'not authorized: the token does not match' } };
  }
  const secretId = url.searchParams.get('secretId');
  if (secretId === null) return { status: 400, body: { message: 'secretId is missing' } };
  const stage = url.searchParams.get('versionStage');
  return call.getSecretValue({
    SecretId: secretId,
    ...(stage !== null && { VersionStage: stage }),
  });
}
