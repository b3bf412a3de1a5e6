import type { OAuth2Auth } from '../connector/auth.js';
import type { Crypto } from '../platform/crypto.port.js';
import { encodeForm, formEncode } from '../platform/http-url.js';

/** A form request to an OAuth endpoint. */
export interface OAuth2FormRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Adds the client's authentication (RFC 6749 §2.3.1) to a form: `basic` encodes id and secret as form values before they are
 * joined, as the RFC says; `body` sends both as parameters; `none` sends the id alone.
 */
export function authenticatedForm(
  auth: OAuth2Auth,
  url: string,
  options: {
    readonly form: Readonly<Record<string, string | undefined>>;
    readonly crypto: Pick<Crypto, 'base64'>;
  },
): OAuth2FormRequest {
  const secret = auth.clientSecret?.reveal();
  const method = auth.clientAuthentication ?? (secret === undefined ? 'none' : 'basic');
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (method === 'basic') {
    const pair = `${formEncode(auth.clientId)}:${formEncode(secret ?? '')}`;
    return {
      url,
      headers: { ...headers, authorization: `Basic ${options.crypto.base64(pair)}` },
      body: encodeForm(options.form),
    };
  }
  const client = {
    client_id: auth.clientId,
    ...(method === 'body' && { client_secret: secret }),
  };
  return { url, headers, body: encodeForm({ ...options.form, ...client }) };
}
