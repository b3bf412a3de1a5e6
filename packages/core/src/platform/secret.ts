const HIDDEN = '[secret]';
const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that must not be printed, logged or serialised. Persistence adapters encrypt fields of this type;
 * everything that turns it into text gives `[secret]`.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Call it at the moment of use and let the result go out of scope. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect](): string {
    return HIDDEN;
  }
}

/** Wraps a value as a {@link Secret}. */
export function secret<T>(value: T): Secret<T> {
  return new Secret(value);
}
