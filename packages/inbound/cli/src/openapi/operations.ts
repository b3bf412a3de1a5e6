import { fieldsOf, isFields, listOf, textOf } from './description.js';
import type { Description, Fields, Pointer } from './description.js';
import { camelOf, UniqueNames } from './type-names.js';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
export type Method = (typeof METHODS)[number];

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: unknown;
  readonly description: string | null;
  readonly style: string | null;
  readonly explode: boolean;
}

/** What an operation takes beside its parameters. */
export interface Body {
  readonly mediaType: string;
  readonly required: boolean;
  readonly schema: unknown;
}

/** One operation of a description. */
export interface Operation {
  /** Of the method of the client: `listPets`. */
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly summary: string | null;
  readonly deprecated: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Body | null;
  /** Schema of the answer; null when it is no JSON, undefined when it is empty. */
  readonly answer: unknown;
}

/** Set by the client itself, by what authenticates, or by the options of a call. */
const OWN_HEADERS = new Set(['accept', 'content-type', 'authorization', 'idempotency-key']);
const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i;

interface Place {
  readonly description: Description;
  readonly pointer: Pointer;
}

function jsonOf(content: Fields): Fields | null {
  const type = Object.keys(content).find((each) => JSON_TYPE.test(each));
  return type === undefined ? null : fieldsOf(content, type);
}

function parameterOf({ description, pointer }: Place, value: unknown): Parameter | null {
  const fields = description.follow(value);
  const [name, place] = [textOf(fields, 'name'), textOf(fields, 'in')];
  if (name === null || place === null) {
    throw description.error(pointer, "a parameter needs 'name' and 'in'");
  }
  const isOwn = place === 'header' && OWN_HEADERS.has(name.toLowerCase());
  if (isOwn || (place !== 'path' && place !== 'query' && place !== 'header')) return null;
  const style = textOf(fields, 'style');
  return {
    name,
    in: place,
    required: place === 'path' || fields['required'] === true,
    schema: fields['schema'] ?? jsonOf(fieldsOf(fields, 'content'))?.['schema'] ?? {},
    description: textOf(fields, 'description'),
    style,
    explode:
      fields['explode'] === undefined
        ? style === null || style === 'form'
        : fields['explode'] === true,
  };
}

/** Those of the operation take the place of the path's. */
function parametersOf(place: Place, item: Fields, operation: Fields): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  const lists: [Pointer, readonly unknown[]][] = [
    [place.pointer.slice(0, -1), listOf(item, 'parameters')],
    [place.pointer, listOf(operation, 'parameters')],
  ];
  for (const [pointer, list] of lists) {
    list.forEach((value, index) => {
      const at = {
        ...place,
        pointer: [...pointer, 'parameters', String(index)],
      };
      const parameter = parameterOf(at, value);
      if (parameter) found.set(`${parameter.in} ${parameter.name}`, parameter);
    });
  }
  return [...found.values()];
}

function bodyOf({ description }: Place, operation: Fields): Body | null {
  if (!isFields(operation['requestBody'])) return null;
  const body = description.follow(operation['requestBody']);
  const content = fieldsOf(body, 'content');
  const types = Object.keys(content);
  const mediaType = types.find((each) => JSON_TYPE.test(each)) ?? types[0];
  if (mediaType === undefined) return null;
  const { schema } = fieldsOf(content, mediaType);
  return {
    mediaType,
    required: body['required'] === true,
    schema: schema ?? {},
  };
}

function answerOf({ description }: Place, operation: Fields): unknown {
  const responses = fieldsOf(operation, 'responses');
  const status = Object.keys(responses)
    .filter((each) => /^2(\d\d|XX)$/i.test(each))
    .sort()[0];
  if (status === undefined) return null;
  const content = fieldsOf(description.follow(responses[status]), 'content');
  if (Object.keys(content).length === 0) return undefined;
  return jsonOf(content)?.['schema'] ?? null;
}

function checkPath(
  { description, pointer }: Place,
  path: string,
  parameters: readonly Parameter[],
): void {
  for (const [, name] of path.matchAll(/\{([^}]+)\}/g)) {
    const known = parameters.some((each) => each.in === 'path' && each.name === name);
    if (!known)
      throw description.error(pointer, `the path parameter '${name ?? ''}' is not described`);
  }
}

function operationsOfPath(description: Description, path: string, names: UniqueNames): Operation[] {
  if (!path.startsWith('/')) {
    throw description.error(['paths', path], "a path must begin with '/'");
  }
  const item = description.follow(fieldsOf(description.root, 'paths')[path]);
  return METHODS.flatMap((method): Operation[] => {
    if (!isFields(item[method])) return [];
    const place = { description, pointer: ['paths', path, method] };
    const operation = item[method];
    const parameters = parametersOf(place, item, operation);
    checkPath(place, path, parameters);
    const words = path.replace(/\{([^}]+)\}/g, 'by $1');
    return [
      {
        name: names.take(camelOf(textOf(operation, 'operationId') ?? `${method} ${words}`)),
        method,
        path,
        summary: textOf(operation, 'summary') ?? textOf(operation, 'description'),
        deprecated: operation['deprecated'] === true,
        parameters: parameters.filter(
          (each) => each.in !== 'path' || path.includes(`{${each.name}}`),
        ),
        // A GET has none, whatever it says.
        body: method === 'get' ? null : bodyOf(place, operation),
        answer: answerOf(place, operation),
      },
    ];
  });
}

/** Every operation that a client can call, in the order of the description. */
export function operationsOf(description: Description): readonly Operation[] {
  const names = new UniqueNames();
  const paths = Object.keys(fieldsOf(description.root, 'paths')).filter(
    (each) => !each.startsWith('x-'),
  );
  const found = paths.flatMap((path) => operationsOfPath(description, path, names));
  if (found.length === 0) throw description.error(['paths'], 'it describes no operation');
  return found;
}
