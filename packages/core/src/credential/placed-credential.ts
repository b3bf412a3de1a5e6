import type { AuthDefinition, CredentialPlacement } from '../connector/auth.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import type { Crypto } from '../platform/crypto.port.js';
import { formEncode } from '../platform/http-url.js';
import type { CredentialMaterial } from './credential.js';

/** A credential as a request carries it. Lives in memory only, for seconds. */
export interface PlacedCredential {
  /** What authenticates; two placed credentials with the same value are the same credential. */
  readonly value: string;
  readonly header: { readonly name: string; readonly value: string } | null;
  /** Encoded `name=value` for the query. */
  readonly query: string | null;
}

const BEARER: CredentialPlacement = { in: 'header', name: 'authorization', prefix: 'Bearer ' };

function place(placement: CredentialPlacement, value: string): PlacedCredential {
  const text = (placement.prefix ?? '') + value;
  if (placement.in === 'query') {
    return { value, header: null, query: `${formEncode(placement.name)}=${formEncode(text)}` };
  }
  return { value, header: { name: placement.name.toLowerCase(), value: text }, query: null };
}

/** @throws MisconfiguredError when the stored material is of another type than the connector's authentication. */
export function placeCredential(
  auth: AuthDefinition,
  material: CredentialMaterial,
  crypto: Pick<Crypto, 'base64'>,
): PlacedCredential {
  if (auth.type === 'oauth2' && material.type === 'oauth2') {
    return place(auth.placement ?? BEARER, material.accessToken);
  }
  if (auth.type === 'api_key' && material.type === 'api_key') {
    return place(auth.placement, material.fields[auth.field ?? 'apiKey'] ?? '');
  }
  if (auth.type === 'basic' && material.type === 'basic') {
    const { fields } = material;
    const pair = `${fields['username'] ?? ''}:${fields['password'] ?? ''}`;
    return place({ in: 'header', name: 'authorization', prefix: 'Basic ' }, crypto.base64(pair));
  }
  throw new MisconfiguredError(
    `The stored credential is of type '${material.type}', but the connector authenticates by '${auth.type}'; connect again`,
  );
}
