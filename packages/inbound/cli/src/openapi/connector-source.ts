import { namesOf } from '../add/names.js';
import type { AuthSection } from './auth-section.js';
import type { IdentityCall } from './identity-call.js';
import { fieldsOf, textOf } from './description.js';
import type { Description } from './description.js';
import { literal } from './literal.js';

/** What a connector is made of. */
export interface ConnectorParts {
  /** In kebab case. */
  readonly name: string;
  readonly auth: AuthSection;
  readonly baseUrl: string;
  readonly identity: IdentityCall | null;
}

const MAX_LABEL = 80;

function indented(code: string, indent: string): string {
  return code.replaceAll('\n', `\n${indent}`);
}

function identitySource(identity: IdentityCall | null): string {
  if (!identity?.id) {
    const call = identity ? `await api.${identity.method}();\n  ` : '';
    return `async (${identity ? 'api' : ''}) => {
  // The description does not say whose account it is: answer the provider's id of it.
  ${call}return { externalId: 'account' };
}`;
  }
  const { method, id, name } = identity;
  const label = name === null ? '' : `, name: String(account.${name} ?? account.${id})`;
  return `async (api) => {
  const account = await api.${method}();
  return { externalId: String(account.${id})${label} };
}`;
}

/** A connector for the client that was generated from a description. Written once; it is yours from then on. */
export function connectorSource(description: Description, parts: ConnectorParts): string {
  const { name, auth, baseUrl, identity } = parts;
  const { camel, upper, label } = namesOf(name);
  const title = textOf(fieldsOf(description.root, 'info'), 'title')?.replace(/\s+/g, ' ').trim();
  const shown = (title === undefined || title === '' ? label : title).slice(0, MAX_LABEL);
  const imports = auth.code.includes('secret(') ? 'defineConnector, secret' : 'defineConnector';
  return `import { ${imports} } from '@tenon/core';
import type { Environment } from '@tenon/core';
import { ${camel}Client } from './${name}.openapi.js';

/** How to sign in at it; how to call it is generated. */
export function ${camel}Connector(environment: Environment) {
  return defineConnector({
    name: '${name}',
    display: { label: ${literal(shown)} },
    auth: ${indented(auth.code, '    ')},
    baseUrl: environment['${upper}_URL'] ?? ${literal(baseUrl)},
    api: ${camel}Client,
    identity: ${indented(identitySource(identity), '    ')},
  });
}
`;
}
