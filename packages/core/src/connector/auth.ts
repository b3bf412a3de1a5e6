import type { Secret } from '../platform/secret.js';

/** Where a credential goes in a request. Never the body; the query only where a provider knows nothing else. */
export interface CredentialPlacement {
  readonly in: 'header' | 'query';
  readonly name: string;
  /** Put before the value, for example `Bearer `. */
  readonly prefix?: string;
}

/** A field of the form that a person fills in to connect. */
export interface AuthField {
  readonly label: string;
  readonly help?: string;
  /** Secret fields are encrypted; the others become part of the connection's profile. Default: true. */
  readonly secret?: boolean;
  /** Default: true. */
  readonly required?: boolean;
  /** A regular expression that the whole value must match. */
  readonly pattern?: string;
}

/** OAuth 2.0 authorization code grant (RFC 6749 §4.1) with PKCE S256 (RFC 7636). */
export interface OAuth2Auth {
  readonly type: 'oauth2';
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** RFC 7009; called when a connection is deleted. */
  readonly revocationUrl?: string;
  readonly clientId: string;
  /** Absent for public clients. */
  readonly clientSecret?: Secret<string>;
  readonly scopes: readonly string[];
  /** Default: one space. */
  readonly scopeSeparator?: string;
  /** How the client authenticates at the token endpoint. Default: `basic` with a secret, `none` without. */
  readonly clientAuthentication?: 'basic' | 'body' | 'none';
  /** Off only for providers that refuse PKCE. Default: true. */
  readonly pkce?: boolean;
  /** Extra parameters of the authorization URL, for example `{ prompt: 'consent' }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  /** Extra parameters of every token request. */
  readonly tokenParameters?: Readonly<Record<string, string>>;
  /** Lifetime of an access token when the answer has no `expires_in`, in milliseconds. Default: never expires. */
  readonly defaultLifetimeMs?: number;
  /** Refresh this long before the end. Default: 60 s, at most half of the lifetime. */
  readonly refreshMarginMs?: number;
  /** Default: header `authorization`, prefix `Bearer `. */
  readonly placement?: CredentialPlacement;
}

/** One or more secret fields, one of which authenticates. */
export interface ApiKeyAuth {
  readonly type: 'api_key';
  /** Default: one field `apiKey`. */
  readonly fields?: Readonly<Record<string, AuthField>>;
  /** Names of the fields by step, for forms of several steps; each field once. Default: all in one step. */
  readonly steps?: readonly (readonly string[])[];
  /** Field that is sent. Default: `apiKey`. */
  readonly field?: string;
  readonly placement: CredentialPlacement;
}

/** HTTP basic authentication (RFC 7617) with the fields `username` and `password`. */
export interface BasicAuth {
  readonly type: 'basic';
  readonly fields?: Readonly<Record<'username' | 'password', AuthField>>;
  /** Names of the fields by step, for forms of several steps; each field once. Default: all in one step. */
  readonly steps?: readonly (readonly string[])[];
}

/** How to authenticate at a third-party API: data that the core interprets. */
export type AuthDefinition = OAuth2Auth | ApiKeyAuth | BasicAuth;

/** The fields of the form of a non-OAuth connector. */
export function authFields(auth: ApiKeyAuth | BasicAuth): Readonly<Record<string, AuthField>> {
  if (auth.fields) return auth.fields;
  if (auth.type === 'api_key') return { apiKey: { label: 'API key' } };
  return { username: { label: 'User name', secret: false }, password: { label: 'Password' } };
}

/** The names of those fields by step. */
export function authSteps(auth: ApiKeyAuth | BasicAuth): readonly (readonly string[])[] {
  return auth.steps ?? [Object.keys(authFields(auth))];
}
