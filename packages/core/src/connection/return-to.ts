import { MisconfiguredError, ValidationError } from '../platform/common.errors.js';
import { hasDotSegment, parseHttpUrl } from '../platform/http-url.js';
import type { HttpUrl } from '../platform/http-url.js';

/** @throws MisconfiguredError when an allowed return URL is no absolute URL without query. */
export function parseAllowedReturnUrls(urls: readonly string[]): readonly HttpUrl[] {
  return urls.map((url) => {
    const parsed = parseHttpUrl(url);
    if (parsed?.query !== '') {
      throw new MisconfiguredError(
        `allowedReturnUrls: '${url}' must be an absolute URL without user info, query or fragment`,
      );
    }
    return { ...parsed, path: parsed.path.replace(/\/+$/, '') };
  });
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

/**
 * Answers a return URL as it was read, so that nobody reads it in another way. The origin must be one of the allowed ones
 * exactly, and the path the allowed path or below it.
 * @throws ValidationError for everything else: the redirect after a callback must not lead to a stranger.
 */
export function checkReturnTo(returnTo: string, allowed: readonly HttpUrl[]): string {
  const url = parseHttpUrl(returnTo);
  const fits =
    url !== null &&
    !hasDotSegment(url.path) &&
    allowed.some((each) => each.origin === url.origin && isBelow(url.path, each.path));
  if (!fits) {
    throw new ValidationError('The authorization', [
      { path: 'returnTo', message: "use a URL below one of the app's allowed return URLs" },
    ]);
  }
  return url.origin + url.path + url.query;
}
