import { MisconfiguredError } from './common.errors.js';

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The entry of `names` that is nearest to `wrong`, or null when none is near. */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(wrong.length / 2)) + 1;
  for (const name of names) {
    const d = distance(wrong.toLowerCase(), name.toLowerCase());
    if (d < bestDistance) {
      best = name;
      bestDistance = d;
    }
  }
  return best;
}

/**
 * Refuses option objects with keys that do not exist.
 * @throws MisconfiguredError naming the key, the owner and the nearest valid name.
 */
export function rejectUnknownKeys(owner: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const hint = nearest ? `did you mean '${nearest}'?` : `known options: ${known.join(', ')}`;
    throw new MisconfiguredError(`${owner}: unknown option '${key}'; ${hint}`, {
      owner,
      option: key,
    });
  }
}

/**
 * Fills `options` from `defaults` and refuses unknown keys. Required keys stand in `defaults` with `undefined` as value
 * and are checked to be present.
 * @throws MisconfiguredError for an unknown or a missing option.
 */
export function validateOptions<T extends object>(
  owner: string,
  options: Partial<T>,
  rules: {
    readonly required?: readonly (keyof T & string)[];
    readonly defaults: Partial<T>;
    readonly optional?: readonly (keyof T & string)[];
  },
): T {
  const required: readonly string[] = rules.required ?? [];
  rejectUnknownKeys(owner, options, [
    ...required,
    ...Object.keys(rules.defaults),
    ...(rules.optional ?? []),
  ]);
  for (const key of required) {
    if ((options as Record<string, unknown>)[key] === undefined) {
      throw new MisconfiguredError(`${owner}: option '${key}' is missing`, { owner, option: key });
    }
  }
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  return { ...rules.defaults, ...given } as T;
}
