/** Compares by code point. The operators of JavaScript compare UTF-16 units, which sort U+FFFD after an emoji. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Moves surrogates, which are halves of code points above U+FFFF, behind all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Keys in order. Adding is cheap; the order is made when somebody reads. */
export class SortedKeys {
  #sorted: string[] = [];
  #added: string[] = [];
  #removed = 0;

  add(key: string): void {
    this.#added.push(key);
  }

  remove(): void {
    this.#removed += 1;
  }

  /** At most `limit` keys after `key` that `exists` still knows. */
  after(
    key: string | null,
    { limit, exists }: { readonly limit: number; readonly exists: (key: string) => boolean },
  ): string[] {
    this.#settle(exists);
    const found: string[] = [];
    for (let index = this.#indexAfter(key); found.length < limit; index += 1) {
      const candidate = this.#sorted[index];
      if (candidate === undefined) break;
      if (exists(candidate)) found.push(candidate);
    }
    return found;
  }

  #settle(exists: (key: string) => boolean): void {
    if (this.#added.length === 0 && this.#removed * 2 <= this.#sorted.length) return;
    const added = this.#added.sort(compareCodePoints);
    const merged: string[] = [];
    let next = 0;
    const push = (key: string): void => {
      if (merged.at(-1) !== key && exists(key)) merged.push(key);
    };
    for (const key of this.#sorted) {
      for (; next < added.length; next += 1) {
        const candidate = added[next];
        if (candidate === undefined || compareCodePoints(candidate, key) > 0) break;
        push(candidate);
      }
      push(key);
    }
    for (; next < added.length; next += 1) push(added[next] ?? '');
    this.#sorted = merged;
    this.#added = [];
    this.#removed = 0;
  }

  #indexAfter(key: string | null): number {
    if (key === null) return 0;
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareCodePoints(this.#sorted[middle] ?? '', key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
