/**
 * The beginning of every sealed text: version and key id. Databases take the key id out of it with the same expression; the first
 * {@link SEALED_HEAD_CHARS} characters are enough for it.
 */
export const SEALED_HEAD = '^v[0-9]+:([A-Za-z0-9_-]{1,64}):';

/** How many characters of a sealed text hold its head. */
export const SEALED_HEAD_CHARS = 80;

const head = new RegExp(SEALED_HEAD);

/** Id of the key that a sealed text names; null when it has not the text form of an encryptor. */
export function keyIdOf(text: string): string | null {
  return head.exec(text.slice(0, SEALED_HEAD_CHARS))?.[1] ?? null;
}
