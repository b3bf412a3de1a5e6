/** What an HTTP request to a Lambda function consists of. */
export interface HttpEventInput {
  /** Default: `GET`. */
  readonly method?: string;
  /** Path as the service under test sends it. Default: `/`. */
  readonly path?: string;
  /** Values not yet encoded; a list for a parameter that occurs more than once. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** A list for a header that occurs more than once. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** `name=value` pairs. */
  readonly cookies?: readonly string[];
  /** Bytes are sent as Base64, everything that is no string as JSON with its content type. */
  readonly body?: unknown;
  readonly sourceIp?: string;
  readonly requestId?: string;
  readonly stage?: string;
}

type Lists = Record<string, string[]>;
type Values = Record<string, string>;

interface Parts {
  readonly method: string;
  readonly path: string;
  readonly headers: Lists;
  readonly query: Lists;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly sourceIp: string;
  readonly requestId: string;
}

function toLists(
  given: Readonly<Record<string, string | readonly string[]>> | undefined,
  spell: (name: string) => string = (name) => name,
): Lists {
  const lists: Lists = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    lists[spell(name)] = typeof value === 'string' ? [value] : [...value];
  }
  return lists;
}

/** Gateways that keep one value per name keep the last. */
function lastValues(lists: Lists): Values {
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? '']),
  );
}

function joinedValues(lists: Lists): Values {
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values.join(',')]),
  );
}

function encodedBody(body: unknown): { readonly body: string | null; readonly json: boolean } {
  if (body === undefined || body === null) return { body: null, json: false };
  if (body instanceof Uint8Array)
    return { body: Buffer.from(body).toString('base64'), json: false };
  if (typeof body === 'string') return { body, json: false };
  return { body: JSON.stringify(body), json: true };
}

function parts(input: HttpEventInput, spell?: (name: string) => string): Parts {
  const { body, json } = encodedBody(input.body);
  const isBase64Encoded = input.body instanceof Uint8Array;
  const headers = toLists(
    {
      host: 'api.example.test',
      'user-agent': 'tenon-testing',
      'x-forwarded-for': input.sourceIp ?? '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(json && { 'content-type': 'application/json' }),
      ...(body !== null && {
        'content-length': String(Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8')),
      }),
      ...input.headers,
    },
    spell,
  );
  return {
    method: input.method ?? 'GET',
    path: input.path ?? '/',
    headers,
    query: toLists(input.query),
    body,
    isBase64Encoded,
    sourceIp: input.sourceIp ?? '203.0.113.7',
    requestId: input.requestId ?? 'request-1',
  };
}

function withCookies(headers: Lists, name: string, cookies: readonly string[] | undefined): Lists {
  return cookies === undefined ? headers : { ...headers, [name]: [cookies.join('; ')] };
}

function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}

/** `x-request-id` → `X-Request-Id`, as REST APIs spell what they add and pass on. */
function capitalised(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** An API Gateway REST event; an HTTP API with payload format 1.0 sends the same. */
export interface ApiGatewayV1EventFixture {
  readonly version: '1.0';
  readonly resource: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly headers: Values;
  readonly multiValueHeaders: Lists;
  readonly queryStringParameters: Values | null;
  readonly multiValueQueryStringParameters: Lists | null;
  readonly pathParameters: Values | null;
  readonly stageVariables: Values | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly httpMethod: string;
    readonly path: string;
    readonly stage: string;
    readonly requestId: string;
    readonly identity: { readonly sourceIp: string; readonly userAgent: string };
  };
}

/** The event of an API Gateway REST API: capitalised header names, each value also in a list. */
export function apiGatewayV1Event(input: HttpEventInput = {}): ApiGatewayV1EventFixture {
  const p = parts(input, capitalised);
  const headers = withCookies(p.headers, 'Cookie', input.cookies);
  const stage = input.stage ?? 'test';
  return {
    version: '1.0',
    resource: '/{proxy+}',
    httpMethod: p.method,
    path: p.path,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastValues(p.query)),
    multiValueQueryStringParameters: orNull(p.query),
    pathParameters: { proxy: p.path.slice(1) },
    stageVariables: null,
    body: p.body,
    isBase64Encoded: p.isBase64Encoded,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      httpMethod: p.method,
      path: `/${stage}${p.path}`,
      stage,
      requestId: p.requestId,
      identity: { sourceIp: p.sourceIp, userAgent: 'tenon-testing' },
    },
  };
}

/** An HTTP API event with payload format 2.0; function URLs send the same. */
export interface ApiGatewayV2EventFixture {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: string[];
  readonly headers: Values;
  readonly queryStringParameters?: Values;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly domainName: string;
    readonly stage: string;
    readonly requestId: string;
    readonly timeEpoch: number;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
  };
}

function queryString(query: Lists): string {
  return Object.entries(query)
    .flatMap(([name, values]) =>
      values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    )
    .join('&');
}

/** The event of an HTTP API: lower-case header names, repeated headers joined, cookies in a list of their own. */
export function apiGatewayV2Event(input: HttpEventInput = {}): ApiGatewayV2EventFixture {
  const p = parts(input, (name) => name.toLowerCase());
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: p.path,
    rawQueryString: queryString(p.query),
    ...(input.cookies !== undefined && { cookies: [...input.cookies] }),
    headers: joinedValues(p.headers),
    ...(Object.keys(p.query).length > 0 && { queryStringParameters: joinedValues(p.query) }),
    ...(p.body !== null && { body: p.body }),
    isBase64Encoded: p.isBase64Encoded,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example.test',
      stage: input.stage ?? '$default',
      requestId: p.requestId,
      timeEpoch: 1_767_225_600_000,
      http: {
        method: p.method,
        path: p.path,
        protocol: 'HTTP/1.1',
        sourceIp: p.sourceIp,
        userAgent: 'tenon-testing',
      },
    },
  };
}

/** A load balancer event. */
export interface AlbEventFixture {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: Values;
  readonly multiValueHeaders?: Lists;
  readonly queryStringParameters?: Values;
  readonly multiValueQueryStringParameters?: Lists;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly elb: { readonly targetGroupArn: string } };
}

/**
 * The event of an Application Load Balancer. With `multiValue` its target group has multi-value headers enabled.
 * Unlike API Gateway a load balancer leaves query parameters encoded.
 */
export function albEvent(
  input: HttpEventInput & { readonly multiValue?: boolean } = {},
): AlbEventFixture {
  const p = parts(input, (name) => name.toLowerCase());
  const headers = withCookies(p.headers, 'cookie', input.cookies);
  const query: Lists = {};
  for (const [name, values] of Object.entries(p.query)) {
    query[encodeURIComponent(name)] = values.map(encodeURIComponent);
  }
  return {
    httpMethod: p.method,
    path: p.path,
    ...(input.multiValue === true
      ? { multiValueHeaders: headers, multiValueQueryStringParameters: query }
      : { headers: lastValues(headers), queryStringParameters: lastValues(query) }),
    body: p.body ?? '',
    isBase64Encoded: p.isBase64Encoded,
    requestContext: {
      elb: {
        targetGroupArn:
          'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/test/0000000000000000',
      },
    },
  };
}
