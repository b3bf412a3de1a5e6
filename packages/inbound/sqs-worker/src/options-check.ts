import { MisconfiguredError } from '@tenon/core/kernel';

/** @throws MisconfiguredError naming the first number below its least value, or that is no number. */
export function requireAtLeast<Options extends object>(
  owner: string,
  options: Options,
  least: Partial<Record<keyof Options & string, number>>,
): void {
  for (const [name, min] of Object.entries(least) as [keyof Options & string, number][]) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === 'number' && value >= min)) continue;
    throw new MisconfiguredError(`${owner}: '${name}' must be ${min} or more`, {
      owner,
      option: name,
    });
  }
}
