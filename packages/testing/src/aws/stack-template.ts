import { AwsFault } from './aws-fault.js';

type Plain = Readonly<Record<string, unknown>>;

/** What a stack is made with, by name. */
export type StackParameters = Readonly<Record<string, string>>;

interface Declared {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Conditions?: Plain;
  readonly Resources: Readonly<Record<string, DeclaredResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Condition?: string; readonly Value: unknown }>
  >;
}

interface DeclaredResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Plain;
}

/** A resource as it is when the parameters are known. */
export interface StackResource {
  readonly type: string;
  readonly physicalId: string;
  readonly deletionPolicy: string;
  readonly properties: Plain;
}

const GONE = Symbol('AWS::NoValue');

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): Declared {
  try {
    const template = JSON.parse(text) as Partial<Declared>;
    if (isPlain(template.Resources)) return template as Declared;
  } catch {
    // No JSON is no template.
  }
  throw new AwsFault('ValidationError', 'Template format error: unsupported structure.');
}

/** A template with its parameters: enough of CloudFormation's functions for the templates of `tenon synth`. */
export class StackTemplate {
  readonly text: string;
  readonly parameters: StackParameters;
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: StackParameters;
  readonly #declared: Declared;
  readonly #stack: string;

  /** @throws AwsFault for parameters that are missing or unknown. */
  constructor(text: string, given: StackParameters, stack: string) {
    this.text = text;
    this.#stack = stack;
    this.#declared = parse(text);
    this.parameters = this.#settle(given);
    const present = Object.entries(this.#declared.Resources).filter(([, { Condition }]) =>
      this.#holds(Condition),
    );
    this.resources = new Map(present.map(([id, each]) => [id, this.#resource(id, each)]));
    const outputs = Object.entries(this.#declared.Outputs ?? {});
    this.outputs = Object.fromEntries(
      outputs
        .filter(([, { Condition }]) => this.#holds(Condition))
        .map(([name, { Value }]) => [name, String(this.#value(Value))]),
    );
  }

  #settle(given: StackParameters): StackParameters {
    const declared = this.#declared.Parameters ?? {};
    const unknown = Object.keys(given).filter((name) => !(name in declared));
    if (unknown.length > 0) {
      const names = unknown.join(', ');
      throw new AwsFault('ValidationError', `Parameters: [${names}] do not exist in the template`);
    }
    const values = Object.entries(declared).map(([name, { Default }]) => {
      const value = given[name] ?? Default;
      if (value !== undefined) return [name, String(value)] as const;
      throw new AwsFault('ValidationError', `Parameters: [${name}] must have values`);
    });
    return Object.fromEntries(values);
  }

  #resource(id: string, { Type, Properties, DeletionPolicy }: DeclaredResource): StackResource {
    return {
      type: Type,
      physicalId: this.#physicalId(id),
      deletionPolicy: DeletionPolicy ?? 'Delete',
      properties: this.#value(Properties ?? {}) as Plain,
    };
  }

  #physicalId(id: string): string {
    return `${this.#stack}-${id}`.toLowerCase();
  }

  #holds(name: string | undefined): boolean {
    return name === undefined || this.#truth(this.#declared.Conditions?.[name]);
  }

  #truth(condition: unknown): boolean {
    const [[name, input] = ['', []]] = Object.entries(condition as Plain);
    const inputs = input as unknown[];
    if (name === 'Fn::Not') return !this.#truth(inputs[0]);
    if (name !== 'Fn::Equals') throw new AwsFault('ValidationError', `Template error: ${name}`);
    return this.#value(inputs[0]) === this.#value(inputs[1]);
  }

  #ref(id: string): unknown {
    if (id === 'AWS::NoValue') return GONE;
    if (id === 'AWS::StackName') return this.#stack;
    return this.parameters[id] ?? this.#physicalId(id);
  }

  #sub(text: string): string {
    return text.replaceAll(/\$\{([^}.]+)(\.\w+)?\}/g, (_all, id: string) => String(this.#ref(id)));
  }

  #function(name: string, input: unknown): unknown {
    if (name === 'Ref') return this.#ref(input as string);
    if (name === 'Fn::Sub') return this.#sub(input as string);
    if (name === 'Fn::GetAtt') return (input as string[]).join('.');
    const inputs = input as unknown[];
    if (name === 'Fn::If') return this.#value(inputs[this.#holds(inputs[0] as string) ? 1 : 2]);
    const values = this.#value(inputs[1]);
    return Array.isArray(values) ? values.join(inputs[0] as string) : values;
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((each) => this.#value(each)).filter((each) => each !== GONE);
    }
    if (!isPlain(value)) return value;
    const entries = Object.entries(value);
    const [[name, input] = ['', undefined]] = entries;
    if (entries.length === 1 && /^(Ref|Fn::(Sub|GetAtt|If|Join))$/.test(name)) {
      return this.#function(name, input);
    }
    const values = entries.map(([key, each]) => [key, this.#value(each)] as const);
    return Object.fromEntries(values.filter(([, each]) => each !== GONE));
  }
}
