import type { ApiBodyOptions } from '../connector/api-client.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import { encodeForm } from '../platform/http-url.js';
import { appendQuery } from './api-url.js';
import type { ApiUrl } from './api-url.js';
import type { PlacedCredential } from './placed-credential.js';

/** A call, ready to be sent any number of times. */
export interface CallPlan {
  readonly method: string;
  readonly url: string;
  /** Path without query, for errors. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | undefined;
  /** May be sent again when nobody knows whether it was done. */
  readonly repeatable: boolean;
}

/** RFC 9110 §9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
]);

function encodeBody(
  options: ApiBodyOptions,
): { readonly body: string | Uint8Array; readonly type: string | undefined } | null {
  const { json, form, body, contentType } = options;
  const given = [json, form, body].filter((each) => each !== undefined).length;
  if (given > 1) throw new MisconfiguredError('A call has one of json, form and body');
  if (json !== undefined) {
    return { body: JSON.stringify(json), type: contentType ?? 'application/json' };
  }
  if (form !== undefined) {
    return {
      body: encodeForm(form),
      type: contentType ?? 'application/x-www-form-urlencoded',
    };
  }
  return body === undefined ? null : { body, type: contentType };
}

/** Prepares everything about a call that does not change between its attempts. */
export function planCall(method: string, target: ApiUrl, options: ApiBodyOptions): CallPlan {
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const name in options.headers) {
    const value = options.headers[name];
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const encoded = encodeBody(options);
  if (encoded?.type !== undefined) headers['content-type'] = encoded.type;
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  return {
    method,
    url: target.url,
    path: target.path,
    headers,
    body: encoded?.body,
    repeatable: options.idempotencyKey !== undefined || IDEMPOTENT.has(method),
  };
}

/** Puts the credential into the request: it replaces a header of the same name. */
export function authorize(
  plan: CallPlan,
  credential: PlacedCredential,
): { readonly url: string; readonly headers: Record<string, string> } {
  if (credential.header) {
    plan.headers[credential.header.name] = credential.header.value;
    return plan;
  }
  return credential.query === null
    ? plan
    : { url: appendQuery(plan.url, credential.query), headers: plan.headers };
}
