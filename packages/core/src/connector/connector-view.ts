import { authFields, authSteps } from './auth.js';
import type { AuthField } from './auth.js';
import type { Connector, Display } from './connector.js';

/** A connector as a user interface needs it; holds nothing secret. */
export interface ConnectorView {
  readonly name: string;
  readonly display: Display;
  readonly auth:
    | { readonly type: 'oauth2'; readonly scopes: readonly string[] }
    | {
        readonly type: 'api_key' | 'basic';
        readonly fields: Readonly<Record<string, AuthField>>;
        /** Names of the fields by step of the form. */
        readonly steps: readonly (readonly string[])[];
      };
  readonly webhooks: boolean;
}

/** Leaves out what user interfaces must not see. */
export function toConnectorView(connector: Connector): ConnectorView {
  const { auth } = connector;
  return {
    name: connector.name,
    display: connector.display,
    auth:
      auth.type === 'oauth2'
        ? { type: 'oauth2', scopes: auth.scopes }
        : { type: auth.type, fields: authFields(auth), steps: authSteps(auth) },
    webhooks: connector.webhooks !== undefined,
  };
}
