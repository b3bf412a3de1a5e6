import type { OAuth2Auth } from '../connector/auth.js';
import type { Clock } from '../platform/clock.port.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import { hasCode } from '../platform/tenon.error.js';
import { authenticatedForm } from './oauth2-client-authentication.js';
import type { OAuth2FormRequest } from './oauth2-client-authentication.js';
import { readTokenResponse } from './oauth2-token-response.js';
import type { TokenOutcome } from './oauth2-token-response.js';

/** What to exchange for tokens. */
export type OAuth2Grant =
  | {
      readonly type: 'authorization_code';
      readonly code: string;
      readonly redirectUri: string;
      readonly codeVerifier: string;
    }
  | { readonly type: 'refresh_token'; readonly refreshToken: string };

/** What a request to an OAuth endpoint needs. */
export interface OAuth2Transport {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'base64'>;
}

/** Token answers are small. */
const MAX_RESPONSE_BYTES = 256 * 1024;

/** The token request of a grant (RFC 6749 §4.1.3, §6; RFC 7636 §4.5). */
export function tokenRequest(
  auth: OAuth2Auth,
  grant: OAuth2Grant,
  crypto: Pick<Crypto, 'base64'>,
): OAuth2FormRequest {
  const parameters =
    grant.type === 'refresh_token'
      ? { grant_type: grant.type, refresh_token: grant.refreshToken }
      : {
          grant_type: grant.type,
          code: grant.code,
          redirect_uri: grant.redirectUri,
          ...(auth.pkce !== false && { code_verifier: grant.codeVerifier }),
        };
  const form = { ...auth.tokenParameters, ...parameters };
  return authenticatedForm(auth, auth.tokenUrl, { form, crypto });
}

/** Sends one token request, once. Never throws for what the provider or the network does. */
export async function requestTokens(
  auth: OAuth2Auth,
  grant: OAuth2Grant,
  options: OAuth2Transport & { readonly timeoutMs: number },
): Promise<TokenOutcome> {
  const { http, clock, crypto, timeoutMs } = options;
  try {
    const response = await http.send({
      method: 'POST',
      ...tokenRequest(auth, grant, crypto),
      timeoutMs,
      maxResponseBytes: MAX_RESPONSE_BYTES,
    });
    return readTokenResponse(auth, response, clock.now());
  } catch (error) {
    if (hasCode(error, 'EGRESS_REFUSED')) return { kind: 'client_refused', code: 'egress_refused' };
    const code = hasCode(error, 'HTTP_TIMEOUT') ? 'timeout' : 'unavailable';
    return { kind: 'unavailable', code, status: null, retryAfterMs: null, error };
  }
}
