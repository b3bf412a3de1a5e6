import { parseArgs } from 'node:util';

/** Reads `--name value` options, with the environment's `PREFIX_NAME` as the second choice. */
export class CommandLine {
  readonly #values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly #prefix: string;

  /**
   * @param prefix what the names of the environment begin with, such as `CRM`.
   * @param names the options that may be given, in kebab-case.
   * @throws Error when another option is given.
   */
  constructor(prefix: string, names: readonly string[]) {
    const option = { type: 'string', multiple: true } as const;
    const options = Object.fromEntries(names.map((name) => [name, option]));
    this.#values = parseArgs({ options }).values;
    this.#prefix = prefix;
  }

  /** Everything given for an option; of the environment, the parts between commas. */
  list(name: string): string[] {
    const given = this.#values[name];
    if (Array.isArray(given)) return given.map(String);
    return this.#environment(name)?.split(',') ?? [];
  }

  /** The last value given for an option. */
  text(name: string): string | undefined {
    const given = this.#values[name];
    return Array.isArray(given) ? String(given.at(-1)) : this.#environment(name);
  }

  /**
   * The value of an option that must be given.
   * @throws Error naming both ways to give it.
   */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new Error(`Give --${name} or set ${this.#variable(name)}.`);
  }

  /**
   * The given ones of some number options, under their camelCase names.
   * @throws Error when one is not a number.
   */
  numbers<Key extends string>(names: Readonly<Record<Key, string>>): Partial<Record<Key, number>> {
    const numbers: Partial<Record<Key, number>> = {};
    for (const key of Object.keys(names) as Key[]) {
      const text = this.text(names[key]);
      if (text === undefined) continue;
      const value = Number(text);
      if (text.trim() === '' || !Number.isFinite(value)) {
        throw new Error(`--${names[key]} must be a number, not "${text}".`);
      }
      numbers[key] = value;
    }
    return numbers;
  }

  #environment(name: string): string | undefined {
    return process.env[this.#variable(name)];
  }

  #variable(name: string): string {
    return `${this.#prefix}_${name.toUpperCase().replaceAll('-', '_')}`;
  }
}
