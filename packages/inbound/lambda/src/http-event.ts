/** Header or query values by name, as the gateways send them. */
export type NamedValues = Readonly<Record<string, string | undefined>>;

/** Values of headers or query parameters that may occur more than once. */
export type NamedLists = Readonly<Record<string, readonly string[] | undefined>>;

/** What this package reads of an API Gateway REST event, or of an HTTP API event with payload format 1.0. */
export interface ApiGatewayV1Event {
  readonly version?: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: NamedValues | null;
  readonly multiValueHeaders?: NamedLists | null;
  readonly queryStringParameters?: NamedValues | null;
  readonly multiValueQueryStringParameters?: NamedLists | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId?: string;
    readonly stage?: string;
    readonly identity?: { readonly sourceIp?: string | null };
  };
}

/** What this package reads of an HTTP API event with payload format 2.0, or of a function URL event. */
export interface ApiGatewayV2Event {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers?: NamedValues;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId?: string;
    readonly stage?: string;
    readonly http: { readonly method: string; readonly path?: string; readonly sourceIp?: string };
  };
}

/** What this package reads of an Application Load Balancer event, with multi-value headers enabled or not. */
export interface AlbEvent {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: NamedValues;
  readonly multiValueHeaders?: NamedLists;
  readonly queryStringParameters?: NamedValues;
  readonly multiValueQueryStringParameters?: NamedLists;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly elb: { readonly targetGroupArn: string } };
}

/** Every event the HTTP entry understands. */
export type HttpEvent = ApiGatewayV1Event | ApiGatewayV2Event | AlbEvent;

/** How an event spells its request, and how the gateway wants its answer spelled. */
export type PayloadFormat = 'api-gateway-v1' | 'api-gateway-v2' | 'alb' | 'alb-multi-value';

/** The answer to an {@link HttpEvent}, in the spelling of its payload format. */
export interface HttpResult {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  /** Only in payload format 2.0. */
  cookies?: string[];
  body: string;
  isBase64Encoded: boolean;
}

interface EventShape {
  readonly version?: unknown;
  readonly httpMethod?: unknown;
  readonly path?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly requestContext?: { readonly elb?: unknown; readonly http?: unknown } | null;
}

/** The payload format of `event`, or null when it does not come from an HTTP gateway. */
export function payloadFormatOf(event: unknown): PayloadFormat | null {
  if (typeof event !== 'object' || event === null) return null;
  const shape: EventShape = event;
  const context = shape.requestContext;
  if (typeof context !== 'object' || context === null) return null;
  if (shape.version === '2.0') return typeof context.http === 'object' ? 'api-gateway-v2' : null;
  if (typeof shape.httpMethod !== 'string') return null;
  if (context.elb) return shape.multiValueHeaders ? 'alb-multi-value' : 'alb';
  return typeof shape.path === 'string' ? 'api-gateway-v1' : null;
}
