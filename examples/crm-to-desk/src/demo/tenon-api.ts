/** A page of a list. */
export interface Items<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The parts of a run that the demo looks at. */
export interface RunDto {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly progress: {
    readonly total: number | null;
    readonly processed: number;
    readonly succeeded: number;
    readonly failed: number;
  };
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Calls Tenon's HTTP API as a product would. */
export class TenonApi {
  constructor(
    readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** The same API as somebody else. */
  as(headers: Readonly<Record<string, string>>): TenonApi {
    return new TenonApi(this.url, headers);
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path).then(({ body }) => body);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.call<T>('POST', path, body).then((answer) => answer.body);
  }

  /** @throws Error with the problem's own words when the API refuses. */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ body: T; cookies: readonly string[] }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...this.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    return { body: (text === '' ? undefined : JSON.parse(text)) as T, cookies };
  }
}
