import type { Resource, Template } from './template.js';

type Plain = Readonly<Record<string, unknown>>;
/** What a stack is made with. */
export type Arguments = Readonly<Record<string, string>>;

interface Output {
  readonly Condition?: string;
  readonly Value: unknown;
}

const GONE = Symbol('AWS::NoValue');

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A template as CloudFormation sees it when the arguments are known: without conditions and what they leave out. */
export class Evaluation {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: unknown;
  /** What is asked for and not there: `Resources.X: Ref Y`. */
  readonly dangling: string[] = [];
  readonly #template: Template;
  readonly #arguments: Arguments;
  readonly #conditions = new Map<string, boolean>();
  #place = '';

  constructor(template: Template, given: Arguments) {
    this.#template = template;
    this.#arguments = given;
    const made = Object.entries(template.Resources).filter(
      ([, { Condition }]) => Condition === undefined || this.#holds(Condition),
    );
    this.resources = new Map(made);
    this.resources = new Map(made.map(([id, resource]) => [id, this.#resource(id, resource)]));
    this.outputs = this.#outputs();
  }

  #resource(id: string, resource: Resource): Resource {
    this.#place = `Resources.${id}`;
    return { ...resource, Properties: this.#value(resource.Properties) as Resource['Properties'] };
  }

  #outputs(): unknown {
    const outputs = Object.entries(this.#template.Outputs) as unknown as [string, Output][];
    const made: Record<string, unknown> = {};
    for (const [id, { Condition, Value }] of outputs) {
      if (Condition !== undefined && !this.#holds(Condition)) continue;
      this.#place = `Outputs.${id}`;
      made[id] = this.#value(Value);
    }
    return made;
  }

  #holds(name: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const condition = this.#template.Conditions[name];
    if (condition === undefined) throw new Error(`There is no condition ${name}`);
    const holds = this.#truth(condition);
    this.#conditions.set(name, holds);
    return holds;
  }

  #truth(condition: unknown): boolean {
    const [[name, input] = ['', undefined]] = Object.entries(condition as Plain);
    if (name === 'Fn::Not') return !this.#truth((input as unknown[])[0]);
    if (name !== 'Fn::Equals') throw new Error(`${name} is not known here`);
    const [left, right] = (input as unknown[]).map((each) => this.#value(each));
    return left === right;
  }

  #ask(what: string, id: string): string {
    if (!id.startsWith('AWS::') && !this.resources.has(id)) {
      this.dangling.push(`${this.#place}: ${what} ${id}`);
    }
    return `<${what} ${id}>`;
  }

  #ref(id: string): unknown {
    const parameter = this.#template.Parameters[id] as
      { readonly Type: string; readonly Default?: string | number } | undefined;
    if (id === 'AWS::NoValue') return GONE;
    if (!parameter) return this.#ask('Ref', id);
    const given = this.#arguments[id] ?? parameter.Default ?? `<${id}>`;
    return parameter.Type === 'CommaDelimitedList' ? String(given).split(',') : given;
  }

  #sub(text: string): string {
    return text.replaceAll(/\$\{([^}]+)\}/g, (_all, name: string) => {
      const [id = '', attribute] = name.split('.');
      if (attribute !== undefined) return this.#getAtt([id, attribute]);
      return String(this.#ref(id));
    });
  }

  #getAtt([id, attribute]: [string, string]): string {
    return this.#ask(`GetAtt ${attribute} of`, id);
  }

  #if([name, yes, no]: [string, unknown, unknown]): unknown {
    return this.#value(this.#holds(name) ? yes : no);
  }

  #function(name: string, input: unknown): unknown {
    if (name === 'Ref') return this.#ref(input as string);
    if (name === 'Fn::GetAtt') return this.#getAtt(input as [string, string]);
    if (name === 'Fn::Sub') return this.#sub(input as string);
    if (name === 'Fn::If') return this.#if(input as [string, unknown, unknown]);
    const [separator, values] = input as [string, unknown];
    return (this.#value(values) as unknown[]).join(separator);
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((each) => this.#value(each)).filter((each) => each !== GONE);
    }
    if (!isPlain(value)) return value;
    const entries = Object.entries(value);
    const [[name, input] = ['', undefined]] = entries;
    const known = ['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::If', 'Fn::Join'].includes(name);
    if (entries.length === 1 && known) return this.#function(name, input);
    return Object.fromEntries(
      entries
        .map(([key, each]) => [key, this.#value(each)] as const)
        .filter(([, each]) => each !== GONE),
    );
  }
}
