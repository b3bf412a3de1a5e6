import type { Fields } from './description.js';
import { literal } from './literal.js';
import type { Operation, Parameter } from './operations.js';
import type { Schemas } from './schemas.js';

/** One parameter, and how the input of its method calls it. */
export interface Input {
  readonly parameter: Parameter;
  readonly key: string;
}

/** A method of the client, with the types that it names. */
export interface Method {
  readonly operation: Operation;
  readonly inputs: readonly Input[];
  readonly inputType: string | null;
  readonly inputSchema: Fields;
  /** Whether the method can be called without input. */
  readonly optional: boolean;
  readonly outputType: string;
  readonly outputSchema: Fields | null;
}

const MAX_COMMENT = 200;
export const FORM_TYPE = 'application/x-www-form-urlencoded';

function access(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `input.${key}` : `input[${literal(key)}]`;
}

type Kind = 'scalar' | 'list' | 'other';

function kindOf(schema: unknown, schemas: Schemas): Kind {
  const meaning = schemas.meaning(schema);
  if (meaning['nullable'] === true) return 'other';
  const scalar = (type: unknown): boolean =>
    type === 'string' || type === 'number' || type === 'integer' || type === 'boolean';
  const { type } = meaning;
  if (scalar(type)) return 'scalar';
  if (type !== 'array') return 'other';
  const items = schemas.meaning(meaning['items']);
  return scalar(items['type']) && items['type'] !== 'boolean' && items['nullable'] !== true
    ? 'list'
    : 'other';
}

const SEPARATORS: Readonly<Record<string, string>> = {
  spaceDelimited: ' ',
  pipeDelimited: '|',
};

function queryEntry({ parameter, key }: Input, schemas: Schemas): string {
  const { name, schema, style, explode, required } = parameter;
  const value = access(key);
  const kind = kindOf(schema, schemas);
  if (kind === 'other') return `...queryOf(${literal(name)}, ${value})`;
  const label = /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
  if (kind === 'scalar' || explode) return `${label}: ${value}`;
  return `${label}: ${value}${required ? '' : '?'}.join(${literal(SEPARATORS[style ?? ''] ?? ',')})`;
}

function pathText({ operation: { path }, inputs }: Method): string {
  const segments = path
    .replace(/[`\\$]/g, '\\$&')
    .replace(/\{([^}]+)\}/g, (whole, name: string) => {
      const found = inputs.find(
        ({ parameter }) => parameter.in === 'path' && parameter.name === name,
      );
      return found ? `\${encodeURIComponent(String(${access(found.key)}))}` : whole;
    });
  return segments.includes('${') ? `\`${segments}\`` : literal(path);
}

const JSON_ALONE = /^application\/json\b/i;

function bodyEntries({ operation: { body } }: Method): string[] {
  if (!body) return [];
  const { mediaType } = body;
  const contentType = `contentType: ${literal(mediaType)}`;
  if (/json\b/i.test(mediaType)) {
    return ['json: input.body as JsonBody', ...(JSON_ALONE.test(mediaType) ? [] : [contentType])];
  }
  if (mediaType === FORM_TYPE) return ['form: input.body'];
  return ['body: input.body', contentType];
}

function optionEntries(method: Method, schemas: Schemas): string[] {
  const of = (place: string): Input[] =>
    method.inputs.filter(({ parameter }) => parameter.in === place);
  const query = of('query').map((each) => queryEntry(each, schemas));
  const headers = of('header').map(
    ({ key, parameter: { name } }) => `...headerOf(${literal(name)}, ${access(key)})`,
  );
  const body = bodyEntries(method);
  const optional = body.length > 0 && method.operation.body?.required !== true;
  // What is left out must not be there at all.
  const entries = optional ? [`...(input.body !== undefined && { ${body.join(', ')} })`] : body;
  if (query.length > 0) entries.push(`query: { ${query.join(', ')} }`);
  if (headers.length > 0) entries.push(`headers: { ${headers.join(', ')} }`);
  return entries;
}

function commentOf({ summary, deprecated, method, path }: Operation): string {
  const line = (summary ?? '')
    .replace(/\s+/g, ' ')
    .replaceAll('*/', '* /')
    .trim()
    .slice(0, MAX_COMMENT);
  const called = `${method.toUpperCase()} ${path}`.replaceAll('*/', '* /');
  const text = line === '' ? '' : `${line.replace(/\.?$/, '.')} `;
  return `/** ${deprecated ? '@deprecated ' : ''}${text}\`${called}\` */`;
}

/** The method as code. */
export function methodSource(method: Method, schemas: Schemas): string {
  const { operation, inputType, optional, outputType } = method;
  const input = inputType === null ? '' : `input: ${inputType}${optional ? ' = {}' : ''}, `;
  const entries = optionEntries(method, schemas);
  const options = entries.length === 0 ? 'options' : `{ ${['...options', ...entries].join(', ')} }`;
  return [
    `    ${commentOf(operation)}`,
    `    ${operation.name}: (${input}options: CallOptions = {}) =>`,
    `      http.${operation.method}<${outputType}>(${pathText(method)}, ${options}),`,
  ].join('\n');
}
