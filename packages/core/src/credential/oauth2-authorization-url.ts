import type { OAuth2Auth } from '../connector/auth.js';
import type { Crypto } from '../platform/crypto.port.js';
import { encodeForm } from '../platform/http-url.js';
import { appendQuery } from './api-url.js';

/** The PKCE challenge of a verifier, method S256 (RFC 7636 §4.2). */
export function codeChallenge(verifier: string, crypto: Pick<Crypto, 'sha256'>): string {
  return crypto.sha256(verifier);
}

/**
 * Where to send the browser (RFC 6749 §4.1.1). The connector's extra parameters cannot replace those of the protocol.
 */
export function authorizationUrl(
  auth: OAuth2Auth,
  request: {
    readonly redirectUri: string;
    readonly state: string;
    readonly codeVerifier: string;
  },
  crypto: Pick<Crypto, 'sha256'>,
): string {
  const scope = auth.scopes.join(auth.scopeSeparator ?? ' ');
  const query = encodeForm({
    ...(scope && { scope }),
    ...auth.authorizationParameters,
    response_type: 'code',
    client_id: auth.clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    ...(auth.pkce !== false && {
      code_challenge: codeChallenge(request.codeVerifier, crypto),
      code_challenge_method: 'S256',
    }),
  });
  return appendQuery(auth.authorizationUrl, query);
}
