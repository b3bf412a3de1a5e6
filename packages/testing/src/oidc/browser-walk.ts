/** Cookies of one origin. */
class Cookies {
  readonly #values = new Map<string, string>();

  header(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#values.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}

const MAX_STEPS = 20;

/**
 * Follows redirects as a browser does, from an authorization URL until they leave its origin. Answers where they lead to.
 * @throws Error when the server shows a page instead, with its status and text.
 */
export async function walkInBrowser(authorizationUrl: string): Promise<URL> {
  const { origin } = new URL(authorizationUrl);
  const cookies = new Cookies();
  let url = new URL(authorizationUrl);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const headers = { cookie: cookies.header() };
    const response = await fetch(url, { headers, redirect: 'manual' });
    cookies.keep(response);
    const location = response.headers.get('location');
    if (location === null) {
      throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
    }
    url = new URL(location, url);
    if (url.origin !== origin) return url;
  }
  throw new Error(`The redirects from ${origin} do not end`);
}
