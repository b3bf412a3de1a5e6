import { MisconfiguredError } from '../platform/common.errors.js';
import { rejectUnknownKeys } from '../platform/options.js';
import { authFields, authSteps } from './auth.js';
import type { ApiKeyAuth, AuthDefinition, BasicAuth, OAuth2Auth } from './auth.js';

const OAUTH2_KEYS = [
  'type',
  'authorizationUrl',
  'tokenUrl',
  'revocationUrl',
  'clientId',
  'clientSecret',
  'scopes',
  'scopeSeparator',
  'clientAuthentication',
  'pkce',
  'authorizationParameters',
  'tokenParameters',
  'defaultLifetimeMs',
  'refreshMarginMs',
  'placement',
];

function validateOAuth2(owner: string, auth: OAuth2Auth): void {
  rejectUnknownKeys(`${owner} auth`, auth, OAUTH2_KEYS);
  for (const key of ['authorizationUrl', 'tokenUrl', 'revocationUrl'] as const) {
    const url = auth[key];
    if (url === undefined && key === 'revocationUrl') continue;
    if (!/^https?:\/\/[^\s#]+$/.test(url ?? '')) {
      throw new MisconfiguredError(
        `${owner} auth: ${key} must be an absolute URL without a fragment`,
      );
    }
  }
  if (!auth.clientId) {
    throw new MisconfiguredError(
      `${owner} auth: clientId is empty; is its environment variable set?`,
    );
  }
  if (
    auth.clientAuthentication !== undefined &&
    auth.clientAuthentication !== 'none' &&
    !auth.clientSecret
  ) {
    throw new MisconfiguredError(
      `${owner} auth: clientAuthentication '${auth.clientAuthentication}' needs a clientSecret`,
    );
  }
}

function validateApiKey(owner: string, auth: ApiKeyAuth): void {
  rejectUnknownKeys(`${owner} auth`, auth, ['type', 'fields', 'steps', 'field', 'placement']);
  const names = Object.keys(authFields(auth));
  const field = auth.field ?? 'apiKey';
  if (!names.includes(field)) {
    throw new MisconfiguredError(
      `${owner} auth: the field '${field}' is not one of its fields (${names.join(', ')})`,
    );
  }
  if (!auth.placement.name) throw new MisconfiguredError(`${owner} auth: placement needs a name`);
}

function validateSteps(owner: string, auth: ApiKeyAuth | BasicAuth): void {
  const steps = authSteps(auth);
  const names = Object.keys(authFields(auth)).sort();
  const placed = steps.flat().sort();
  if (steps.every((step) => step.length > 0) && placed.join() === names.join()) return;
  throw new MisconfiguredError(
    `${owner} auth: steps must name each field once and no step may be empty (fields: ${names.join(', ')})`,
  );
}

/** @throws MisconfiguredError naming connector, option and what is right. */
export function validateAuth(connector: string, auth: AuthDefinition): void {
  const owner = `Connector '${connector}'`;
  if (auth.type === 'oauth2') validateOAuth2(owner, auth);
  else if (auth.type === 'api_key') validateApiKey(owner, auth);
  else rejectUnknownKeys(`${owner} auth`, auth, ['type', 'fields', 'steps']);
  if (auth.type !== 'oauth2') validateSteps(owner, auth);
}
