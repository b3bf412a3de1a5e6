interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly expiresAtMs: number;
}

/** Keeps cookies as a browser does: by host (not by port), path and expiry. */
export class CookieJar {
  #cookies: Cookie[] = [];

  /** Takes over what an answer from `url` sets. */
  store(url: URL, headers: Headers): void {
    for (const header of headers.getSetCookie()) {
      const cookie = parseCookie(url, header);
      if (cookie === undefined) continue;
      this.#cookies = this.#cookies.filter((known) => !sameCookie(known, cookie));
      if (cookie.expiresAtMs > Date.now()) this.#cookies.push(cookie);
    }
  }

  /** The `cookie` header for a request to `url`, or undefined when nothing is to be sent. */
  headerFor(url: URL): string | undefined {
    const now = Date.now();
    const sent = this.#cookies
      .filter((cookie) => cookie.host === url.hostname && cookie.expiresAtMs > now)
      .filter((cookie) => pathMatches(cookie.path, url.pathname))
      .sort((left, right) => right.path.length - left.path.length);
    if (sent.length === 0) return undefined;
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function sameCookie(left: Cookie, right: Cookie): boolean {
  return left.name === right.name && left.host === right.host && left.path === right.path;
}

function pathMatches(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path === cookiePath || cookiePath.endsWith('/') || path[cookiePath.length] === '/';
}

function parseCookie(url: URL, header: string): Cookie | undefined {
  const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const attribute = (name: string): string | undefined =>
    attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const path = attribute('path');
  return {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    host: url.hostname,
    path: path?.startsWith('/') === true ? path : defaultPath(url.pathname),
    expiresAtMs: expiry(attribute('max-age'), attribute('expires')),
  };
}

function defaultPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

function expiry(maxAge: string | undefined, expires: string | undefined): number {
  if (maxAge !== undefined) return Date.now() + Number(maxAge) * 1000;
  return expires === undefined ? Infinity : Date.parse(expires);
}
