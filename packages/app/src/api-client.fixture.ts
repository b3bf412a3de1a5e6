import { APP_KEY } from './test-app.fixture.js';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; null without one. */
  readonly body: unknown;
}

/** Calls an API as somebody. */
export class ApiCaller {
  constructor(
    readonly url: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  as(headers: Readonly<Record<string, string>>): ApiCaller {
    return new ApiCaller(this.url, headers);
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...this.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json && text ? JSON.parse(text) : null,
    };
  }

  /** The body of a call that must succeed. */
  async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body as T;
  }
}

const PASSWORD = 'a long enough password';

/** A tenant with a logged-in user. */
export interface Person {
  readonly api: ApiCaller;
  readonly tenantId: string;
  readonly userId: string;
  readonly bearer: string;
}

/** Makes a tenant with one user and logs it in. */
export async function signUp(
  url: string,
  kind: 'individual' | 'organization' = 'individual',
): Promise<Person> {
  const backEnd = new ApiCaller(url, { 'x-tenon-app-key': APP_KEY });
  const tenant = await backEnd.ok<{ id: string }>('POST', '/api/tenants', { name: 'Acme' });
  const user = { kind, username: 'ada', password: PASSWORD, email: 'ada@acme.example' };
  const { id } = await backEnd.ok<{ id: string }>('POST', `/api/tenants/${tenant.id}/users`, user);
  const login = { tenantId: tenant.id, username: 'ada', password: PASSWORD };
  const { bearer } = await backEnd.ok<{ bearer: string }>('POST', '/api/login', login);
  return {
    api: backEnd.as({ authorization: `Bearer ${bearer}` }),
    tenantId: tenant.id,
    userId: id,
    bearer,
  };
}
