import type { OAuth2Auth } from '../connector/auth.js';
import type { OAuth2Material } from './credential.js';
import { authenticatedForm } from './oauth2-client-authentication.js';
import type { OAuth2Transport } from './oauth2-token-request.js';

/**
 * Revokes a grant at the provider (RFC 7009): the refresh token when there is one, which ends its access tokens too. Answers
 * whether the provider confirmed; false when it has no revocation endpoint. @throws what the HTTP client throws.
 */
export async function revokeTokens(
  auth: OAuth2Auth,
  material: OAuth2Material,
  options: Pick<OAuth2Transport, 'http' | 'crypto'> & { readonly timeoutMs: number },
): Promise<boolean> {
  if (auth.revocationUrl === undefined) return false;
  const form =
    material.refreshToken === null
      ? { token: material.accessToken, token_type_hint: 'access_token' }
      : { token: material.refreshToken, token_type_hint: 'refresh_token' };
  const request = authenticatedForm(auth, auth.revocationUrl, { form, crypto: options.crypto });
  const response = await options.http.send({
    method: 'POST',
    ...request,
    timeoutMs: options.timeoutMs,
  });
  return response.status >= 200 && response.status < 300;
}
