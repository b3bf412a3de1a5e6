import { retryAfterSeconds, toProblem } from './error-status.js';
import { payloadFormatOf, type HttpResult } from './http-event.js';

/** The answer to a user whose invocation failed: problem details, spelled for the gateway of the event. */
export function errorResult(error: unknown, event: unknown, requestId: string): HttpResult {
  const problem = toProblem(error, requestId);
  const retryAfter = retryAfterSeconds(error);
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
    ...(retryAfter !== null && { 'retry-after': String(retryAfter) }),
  };
  const answer = {
    statusCode: problem.status,
    body: JSON.stringify(problem),
    isBase64Encoded: false,
  };
  if (payloadFormatOf(event) !== 'alb-multi-value') return { ...answer, headers };
  const multiValueHeaders: Record<string, string[]> = {};
  for (const name of Object.keys(headers)) multiValueHeaders[name] = [headers[name] ?? ''];
  return { ...answer, multiValueHeaders };
}
