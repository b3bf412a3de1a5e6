import { ValidationError, type ValidationIssue } from './common.errors.js';

/** Bounds of a text, in characters. */
export interface TextBounds {
  readonly min?: number;
  readonly max: number;
}

const CONTROL = /\p{Cc}/u;

/** Collects everything that is wrong with an input, so that callers learn it at once. */
export class InputCheck {
  readonly #issues: ValidationIssue[] = [];

  constructor(private readonly what: string) {}

  /** Notes an issue unless `good`. */
  expect(good: boolean, path: string, message: string): void {
    if (!good) this.#issues.push({ path, message });
  }

  /** Trims a text and checks its length; control characters are refused. */
  text(path: string, value: unknown, { min = 1, max }: TextBounds): string {
    const text = typeof value === 'string' ? value.trim() : '';
    const good = text.length >= min && text.length <= max && !CONTROL.test(text);
    this.expect(good, path, `${min} to ${max} characters, none of them control characters`);
    return text;
  }

  /** @throws ValidationError when there was an issue. */
  done(): void {
    if (this.#issues.length > 0) throw new ValidationError(this.what, this.#issues);
  }
}
