import type { Response } from 'express';

/** Sends a value as JSON: what `response.json` does, without looking at what its callers may have set. */
export function sendJson(response: Response, value: unknown): void {
  response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(value));
}
