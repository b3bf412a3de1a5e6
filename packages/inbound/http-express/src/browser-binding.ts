import type { Request, Response } from 'express';

const LIFETIME_SECONDS = 600;
const PREFIX = 'tenon_connect_';

/** One cookie per authorization, so that two of them can go on side by side. */
function cookieName(state: string): string {
  return PREFIX + state.replace(/[^\w-]/g, '').slice(0, 16);
}

/** Gives the starting browser what the callback will ask of it. */
export function setBrowserBinding(
  response: Response,
  authorization: { readonly authorizationUrl: string; readonly browserBinding: string },
  options: { readonly secure: boolean },
): void {
  const state = new URL(authorization.authorizationUrl).searchParams.get('state') ?? '';
  response.cookie(cookieName(state), authorization.browserBinding, {
    httpOnly: true,
    sameSite: 'lax',
    secure: options.secure,
    path: '/api/connections/callback',
    maxAge: LIFETIME_SECONDS * 1000,
  });
}

/** What the browser of the callback holds for this state; undefined for another browser. */
export function browserBindingOf(request: Request, state: string): string | undefined {
  const name = cookieName(state);
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals).trim() === name) return decoded(pair.slice(equals + 1).trim());
  }
  return undefined;
}

/** Undefined for what this API did not set. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The binding is used once. */
export function clearBrowserBinding(response: Response, state: string): void {
  response.clearCookie(cookieName(state), { path: '/api/connections/callback' });
}
