import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Evaluation } from './template-evaluation.fixture.js';

const specification = loadAwsServiceSpecSync();

interface TypeOf {
  readonly type: string;
  readonly element?: TypeOf;
  readonly allowedValues?: readonly unknown[];
  readonly reference?: { readonly $ref: string };
}

type Specified = Readonly<Record<string, { readonly type: TypeOf; readonly required?: boolean }>>;

function scalarProblem(value: unknown, { type, allowedValues }: TypeOf): string | null {
  const fits: Record<string, boolean> = {
    string: typeof value === 'string' || typeof value === 'number',
    boolean: typeof value === 'boolean',
    integer: Number.isInteger(value),
    number: typeof value === 'number',
  };
  if (fits[type] === false) return `is ${JSON.stringify(value)}, no ${type}`;
  // Placeholders of what is not known before a stack is made.
  if (allowedValues && !allowedValues.includes(value) && !String(value).startsWith('<')) {
    return `is ${JSON.stringify(value)}, not one of ${allowedValues.join(', ')}`;
  }
  return null;
}

function problems(value: unknown, type: TypeOf, path: string): string[] {
  if (type.type === 'array') {
    if (!Array.isArray(value)) return [`${path} is no list`];
    const { element } = type;
    return element ? value.flatMap((each, at) => problems(each, element, `${path}[${at}]`)) : [];
  }
  if (type.type === 'map') {
    const { element } = type;
    if (typeof value !== 'object' || value === null || !element) return [`${path} is no map`];
    return Object.entries(value).flatMap(([key, each]) =>
      problems(each, element, `${path}.${key}`),
    );
  }
  if (type.type === 'ref' && type.reference) {
    const { properties } = specification.get('typeDefinition', type.reference.$ref);
    return propertyProblems(value, properties, path);
  }
  const problem = scalarProblem(value, type);
  return problem === null ? [] : [`${path} ${problem}`];
}

function propertyProblems(value: unknown, specified: Specified, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${path} is no object`];
  }
  const missing = Object.entries(specified)
    .filter(([name, { required }]) => required === true && !(name in value))
    .map(([name]) => `${path}.${name} is missing`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, each]) => {
      const property = specified[name];
      return property
        ? problems(each, property.type, `${path}.${name}`)
        : [`${path}.${name} is unknown`];
    }),
  ];
}

function attributeProblems(evaluation: Evaluation): string[] {
  const text = JSON.stringify([...evaluation.resources.values(), evaluation.outputs]);
  const asked = text.matchAll(/<GetAtt (\w+) of (\w+)>/g);
  return [...asked].flatMap(([, attribute = '', id = '']) => {
    const type = evaluation.resources.get(id)?.Type ?? '';
    const [known] = specification.lookup('resource', 'cloudFormationType', 'equals', type);
    return known && attribute in known.attributes ? [] : [`${id} has no attribute ${attribute}`];
  });
}

/** What AWS's own resource specification finds wrong with a template, and what is asked for and not there. */
export function specificationProblems(evaluation: Evaluation): string[] {
  const resources = [...evaluation.resources].flatMap(([id, { Type, Properties }]) => {
    const [known] = specification.lookup('resource', 'cloudFormationType', 'equals', Type);
    if (!known) return [`${id}: there is no ${Type}`];
    return propertyProblems(Properties, known.properties, id);
  });
  return [...resources, ...attributeProblems(evaluation), ...evaluation.dangling];
}
