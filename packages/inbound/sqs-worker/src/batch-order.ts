/** Stands for "no message". */
export const NONE = -1;

/** In which order the messages of a batch may begin: without groups as they come; with groups one of each after another. */
export class BatchOrder {
  /** The first message of each group; null when there are no groups. */
  readonly #heads: readonly number[] | null = null;
  readonly #followers: readonly number[] | null = null;
  readonly #count: number;
  #taken = 0;

  /** `groups`: the group of each message; null when there are none. */
  constructor(length: number, groups: readonly string[] | null) {
    this.#count = length;
    if (!groups) return;
    const { heads, followers } = link(groups);
    this.#count = heads.length;
    this.#heads = heads;
    this.#followers = followers;
  }

  /** A message that nothing stands before; each is answered once. */
  take(): number {
    if (this.#taken === this.#count) return NONE;
    const next = this.#taken;
    this.#taken += 1;
    return this.#heads === null ? next : (this.#heads[next] ?? NONE);
  }

  /** The next message of the same group. */
  follower(index: number): number {
    return this.#followers === null ? NONE : (this.#followers[index] ?? NONE);
  }

  /** How many may begin now. */
  get ready(): number {
    return this.#count - this.#taken;
  }
}

function link(groups: readonly string[]): { heads: number[]; followers: number[] } {
  const heads: number[] = [];
  const followers = new Array<number>(groups.length).fill(NONE);
  const last = new Map<string, number>();
  groups.forEach((group, index) => {
    const before = last.get(group);
    if (before === undefined) heads.push(index);
    else followers[before] = index;
    last.set(group, index);
  });
  return { heads, followers };
}
