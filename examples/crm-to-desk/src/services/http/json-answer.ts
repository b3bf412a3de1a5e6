import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Answer } from './router.js';
import { ServiceError } from './service-error.js';

/** Runs `work` and writes what it answers, or the refusal that it throws, as JSON. */
export async function answerJson(
  response: ServerResponse,
  work: () => Promise<Answer>,
): Promise<void> {
  try {
    writeAnswer(response, await work());
  } catch (error) {
    answerRefusal(response, error);
  }
}

/** Writes what was thrown as JSON: a ServiceError as it is, anything else as 500. */
export function answerRefusal(response: ServerResponse, error: unknown): void {
  writeAnswer(response, refusal(error));
}

/** Gives the answer the caller's request id, or a new one. */
export function stampRequestId(request: IncomingMessage, response: ServerResponse): void {
  const given = request.headers['x-request-id'];
  const usable = typeof given === 'string' && /^[\w.-]{1,100}$/.test(given);
  response.setHeader('x-request-id', usable ? given : randomUUID());
}

function refusal(error: unknown): Answer {
  if (error instanceof ServiceError) {
    const { status, code, message, details, headers } = error;
    const body = { error: { code, message, ...(details === undefined ? {} : { details }) } };
    return { status, headers, body };
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`);
  return { status: 500, body: { error: { code: 'internal', message: 'Something went wrong.' } } };
}

function writeAnswer(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.body === undefined) {
    response.writeHead(answer.status).end();
    return;
  }
  const bytes = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  response.end(bytes);
}
