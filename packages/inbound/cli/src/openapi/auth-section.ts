import { fieldsOf, isFields, listOf, textOf } from './description.js';
import type { Description, Fields } from './description.js';
import { literal } from './literal.js';

/** How people sign in, as code of a connector, and what a person should know of it. */
export interface AuthSection {
  readonly kind: 'oauth2' | 'api-key' | 'basic';
  /** Lines of the value of `auth`, the first without indentation. */
  readonly code: string;
  readonly notes: readonly string[];
}

/** The connector that the section is for. */
export interface AuthOwner {
  /** `GOOGLE_DRIVE` */
  readonly upper: string;
  /** The absolute base URL. */
  readonly baseUrl: string;
}

type Made = Omit<AuthSection, 'notes'>;

function oauth2(scheme: Fields, { upper, baseUrl }: AuthOwner): Made | null {
  const flow = fieldsOf(fieldsOf(scheme, 'flows'), 'authorizationCode');
  const urls = ['authorizationUrl', 'tokenUrl'].map((name) => {
    const url = textOf(flow, name);
    return url !== null && URL.canParse(url, `${baseUrl}/`)
      ? new URL(url, `${baseUrl}/`).href
      : null;
  });
  const [authorizationUrl, tokenUrl] = urls;
  if (!authorizationUrl || !tokenUrl) return null;
  const scopes = Object.keys(fieldsOf(flow, 'scopes')).map(literal);
  const inLine = scopes.join(', ');
  const list = inLine.length > 70 ? `\n    ${scopes.join(',\n    ')},\n  ` : inLine;
  return {
    kind: 'oauth2',
    code: `{
  type: 'oauth2',
  authorizationUrl: ${literal(authorizationUrl)},
  tokenUrl: ${literal(tokenUrl)},
  clientId: environment['${upper}_CLIENT_ID'] ?? '${upper}_CLIENT_ID-is-not-set',
  clientSecret: secret(environment['${upper}_CLIENT_SECRET'] ?? ''),
  scopes: [${list}],
}`,
  };
}

function placed(place: string, name: string, prefix?: string): Made {
  const more = prefix === undefined ? '' : `, prefix: ${literal(prefix)}`;
  return {
    kind: 'api-key',
    code: `{ type: 'api_key', placement: { in: '${place}', name: ${literal(name)}${more} } }`,
  };
}

/** Null for what connectors cannot do. */
function sectionOf(scheme: Fields, owner: AuthOwner): Made | null {
  const type = textOf(scheme, 'type');
  if (type === 'oauth2') return oauth2(scheme, owner);
  if (type === 'apiKey') {
    const [place, name] = [textOf(scheme, 'in'), textOf(scheme, 'name')];
    if (name === null || (place !== 'header' && place !== 'query')) return null;
    return placed(place, place === 'header' ? name.toLowerCase() : name);
  }
  const http = type === 'http' ? textOf(scheme, 'scheme')?.toLowerCase() : null;
  if (http === 'basic') return { kind: 'basic', code: "{ type: 'basic' }" };
  return http === 'bearer' ? placed('header', 'authorization', 'Bearer ') : null;
}

/** Names of schemes: those that every call needs, then those that some need, then the others. */
function namesInOrder({ root }: Description): readonly string[] {
  const named = (list: readonly unknown[]): string[] =>
    list.flatMap((each) => (isFields(each) ? Object.keys(each) : []));
  const declared = Object.keys(fieldsOf(fieldsOf(root, 'components'), 'securitySchemes'));
  const wanted = named(listOf(root, 'security')).filter((name) => declared.includes(name));
  return [...new Set([...wanted, ...declared])];
}

function combined({ root }: Description, name: string): boolean {
  return listOf(root, 'security').some(
    (each) => isFields(each) && name in each && Object.keys(each).length > 1,
  );
}

/** The first way to sign in that a connector can do. */
export function authSectionOf(description: Description, owner: AuthOwner): AuthSection {
  const schemes = fieldsOf(fieldsOf(description.root, 'components'), 'securitySchemes');
  const names = namesInOrder(description);
  for (const name of names) {
    const made = sectionOf(description.follow(schemes[name]), owner);
    if (!made) continue;
    const others = names.filter((each) => each !== name);
    const notes = [
      ...(others.length > 0 ? [`auth: of ${names.join(', ')} it takes '${name}'`] : []),
      ...(combined(description, name)
        ? [`auth: '${name}' is wanted together with others, which is left to you`]
        : []),
    ];
    return { ...made, notes };
  }
  const problem =
    names.length === 0
      ? 'the description names no way to sign in'
      : `none of ${names.join(', ')} can be done`;
  return {
    ...placed('header', 'authorization', 'Bearer '),
    notes: [`auth: ${problem}; a bearer token is taken, change it in the connector`],
  };
}

/** The address of the API, and what a person should know of it. */
export interface BaseUrl {
  readonly url: string;
  readonly notes: readonly string[];
}

/** The first server with the defaults of its variables. */
export function baseUrlOf({ root }: Description, name: string): BaseUrl {
  const [server] = listOf(root, 'servers');
  const fields = isFields(server) ? server : {};
  const variables = fieldsOf(fields, 'variables');
  const template = textOf(fields, 'url') ?? '/';
  const filled = template.replace(/\{([^}]+)\}/g, (whole, variable: string) => {
    return textOf(fieldsOf(variables, variable), 'default') ?? whole;
  });
  const absolute = /^https?:\/\//.test(filled) && URL.canParse(filled);
  const url = absolute ? filled : `https://${name}.example${filled.startsWith('/') ? filled : '/'}`;
  const trimmed = url.replace(/\/+$/, '');
  if (!absolute) {
    return {
      url: trimmed,
      notes: [
        `baseUrl: the description names no server, so ${trimmed} is made up; change it in the connector`,
      ],
    };
  }
  const filledIn =
    template === filled ? [] : [`baseUrl: ${template} with the defaults of its variables`];
  return { url: trimmed, notes: filledIn };
}
