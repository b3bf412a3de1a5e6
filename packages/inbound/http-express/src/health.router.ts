import { Router } from 'express';
import type { Request, Response } from 'express';
import { UnauthenticatedError } from '@tenon/core';
import type { Commands, Crypto, HealthReport, Logger, Secret } from '@tenon/core';
import { anonymous } from './authentication.js';
import { sendJson } from './send-json.js';

/** Header with the key of `/health/detailed`. */
export const HEALTH_KEY_HEADER = 'x-tenon-health-key';

/** What the health routes need. */
export interface HealthParts {
  readonly health: Commands['health'];
  readonly crypto: Pick<Crypto, 'equal'>;
  readonly logger: Logger;
  /** Null: `/health/detailed` is closed. */
  readonly healthKey: Secret<string> | null;
}

function send(response: Response, report: HealthReport, detailed: boolean): void {
  const checks = report.checks.map(({ name, status, durationMs, details }) =>
    detailed ? { name, status, durationMs, details } : { name, status },
  );
  response.status(report.status === 'down' ? 503 : 200);
  sendJson(response, { status: report.status, at: report.at.toISOString(), checks });
}

function requireKey(parts: HealthParts, request: Request): void {
  const given = request.headers[HEALTH_KEY_HEADER];
  const expected = parts.healthKey?.reveal();
  if (typeof given === 'string' && expected !== undefined && parts.crypto.equal(given, expected))
    return;
  throw new UnauthenticatedError(`Send the health key as ${HEALTH_KEY_HEADER}`);
}

/**
 * `/health` and `/health/live`: the process answers. `/health/ready`: database and queues answer too, 503 when they do not.
 * `/health/detailed`: every check with its details, with a key.
 */
export function healthRouter(parts: HealthParts): Router {
  const router = Router();
  router.get(['/health', '/health/live'], (_request, response) => {
    sendJson(response, { status: 'ok' });
  });
  router.get('/health/ready', async (request, response) => {
    send(response, await parts.health.ready(anonymous(request, parts.logger), {}), false);
  });
  router.get('/health/detailed', async (request, response) => {
    requireKey(parts, request);
    send(response, await parts.health.detailed(anonymous(request, parts.logger), {}), true);
  });
  return router;
}
