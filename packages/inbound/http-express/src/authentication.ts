import type { Request } from 'express';
import { UnauthenticatedError } from '@tenon/core';
import type { AppContext, Commands, Context, Logger } from '@tenon/core';
import { requestIdOf } from './request-id.js';

/** Header with the key of the product's back end. */
export const APP_KEY_HEADER = 'x-tenon-app-key';
/** Header with the product's own id of the user whom its back end acts for. */
export const APP_USER_HEADER = 'x-tenon-app-user';

/** What authentication needs. */
export interface AuthenticationParts {
  readonly tokens: Pick<
    Commands['tokens'],
    'authenticate' | 'authenticateApp' | 'authenticateAppUser'
  >;
  readonly logger: Logger;
}

function header(request: Request, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The context of a request before anybody is known. */
export function anonymous(request: Request, logger: Logger): AppContext {
  const requestId = requestIdOf(request);
  return { requestId, actor: 'system', logger: logger.child({ requestId }) };
}

/** The product's back end. @throws UnauthenticatedError. */
export function authenticateApp(parts: AuthenticationParts, request: Request): Promise<AppContext> {
  const key = header(request, APP_KEY_HEADER);
  if (key === null) {
    throw new UnauthenticatedError(
      `This route is for the product's back end: send its key as ${APP_KEY_HEADER}`,
    );
  }
  return parts.tokens.authenticateApp(anonymous(request, parts.logger), { key });
}

/** A user by bearer token, or by the back end's key and the product's own user id. @throws UnauthenticatedError. */
export function authenticateUser(parts: AuthenticationParts, request: Request): Promise<Context> {
  const context = anonymous(request, parts.logger);
  const authorization = header(request, 'authorization');
  if (authorization !== null) {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (bearer === undefined) throw new UnauthenticatedError();
    return parts.tokens.authenticate(context, { bearer });
  }
  const key = header(request, APP_KEY_HEADER);
  const appUserId = header(request, APP_USER_HEADER);
  if (key === null || appUserId === null) throw new UnauthenticatedError();
  return parts.tokens.authenticateAppUser(context, { key, appUserId });
}
