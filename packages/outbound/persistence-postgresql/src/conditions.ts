/** Conditions of a query whose filter varies, with their parameters. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  /** Adds a parameter; answers its place, `$1` for the first. */
  place(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  add(condition: string): this {
    this.#parts.push(condition);
    return this;
  }

  /** `column = value`, unless the value is undefined. */
  equal(column: string, value: unknown): this {
    return value === undefined ? this : this.add(`${column} = ${this.place(value)}`);
  }

  get where(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}
