import type { IncomingMessage } from 'node:http';
import { serviceError, type SecretAnswer, type SecretReader } from './secret-reader.js';

/** Where the Parameters and Secrets extension listens. */
export interface ExtensionSettings {
  readonly port: number;
  /** Proves that the caller runs in this function. */
  readonly sessionToken: string;
  /** For one reading, in milliseconds. */
  readonly timeoutMs: number;
}

interface ErrorBody {
  readonly __type?: string;
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk as string;
  return text;
}

/** The extension passes the service's answers on, in ways that differ by version. */
function errorName(status: number, body: string): string {
  const named = /\b([A-Z]\w+Exception)\b/.exec(body)?.[1];
  if (named !== undefined) return named;
  if (status === 401 || status === 403) return 'AccessDeniedException';
  return status === 404 ? 'ResourceNotFoundException' : 'InternalServiceError';
}

async function get(path: string, settings: ExtensionSettings): Promise<IncomingMessage> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: settings.port,
        path,
        headers: { 'x-aws-parameters-secrets-token': settings.sessionToken },
        timeout: settings.timeoutMs,
      },
      resolve,
    );
    sent.on('timeout', () =>
      sent.destroy(new Error(`the extension did not answer within ${settings.timeoutMs} ms`)),
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** Reads through the Lambda extension on loopback, which caches and signs: no SDK is loaded. */
export function extensionReader(settings: ExtensionSettings): SecretReader {
  return async ({ secretId, versionStage }) => {
    const query = new URLSearchParams({ secretId });
    if (versionStage !== undefined) query.set('versionStage', versionStage);
    const response = await get(`/secretsmanager/get?${query.toString()}`, settings);
    const body = await readText(response);
    const status = response.statusCode ?? 0;
    if (status !== 200) {
      throw serviceError(errorName(status, body), `the extension answered ${status}`);
    }
    return (JSON.parse(body) as SecretAnswer & ErrorBody).SecretString;
  };
}
