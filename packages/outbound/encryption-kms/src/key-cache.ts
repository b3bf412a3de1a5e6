import { hasCode } from '@tenon/core';

/** A data key, in the clear and as it stands in stored values. */
export interface DataKey {
  /** Zeroed when the cache lets it go. */
  readonly bytes: Buffer;
  readonly wrapped: string;
}

/** Bounds of a cache. */
export interface KeyCacheBounds {
  /** The most keys at once. */
  readonly maxKeys: number;
  /** How long a key is used after it was asked for. */
  readonly ttlMs: number;
  /** How often a key is used. */
  readonly maxUses: number;
  /** For how long an outage is answered without asking again. */
  readonly failureTtlMs: number;
}

interface Entry {
  readonly loading: Promise<DataKey>;
  /** Null while it is loading. */
  key: DataKey | null;
  /** Until when it is used. */
  expiresAt: number;
  uses: number;
  /** Calls that wait for it, or work with it. */
  holders: number;
  retired: boolean;
}

/**
 * Data keys in the clear, least recently used last to stay. Callers that miss the same key at once share one call. A key is
 * zeroed when it has left the cache and nobody works with it any more.
 */
export class KeyCache {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly bounds: KeyCacheBounds,
    private readonly nowMs: () => number,
  ) {}

  /** Keys that are in the clear or being asked for. */
  get size(): number {
    return this.#entries.size;
  }

  /** Works with a key; at once when it is known. `work` must not keep the bytes. @throws what `load` throws. */
  use<T>(name: string, load: () => Promise<DataKey>, work: (key: DataKey) => T): T | Promise<T> {
    const entry = this.#usable(name) ?? this.#open(name, load);
    entry.uses += 1;
    return entry.key ? work(entry.key) : this.#wait(entry, work);
  }

  /** Takes a key that is known already; keeps a copy. */
  put(name: string, { bytes, wrapped }: DataKey): void {
    if (this.#usable(name)) return;
    const key = { bytes: Buffer.from(bytes), wrapped };
    this.#add(name, this.#entry(Promise.resolve(key), key));
  }

  /** Lets every key go. */
  clear(): void {
    for (const name of [...this.#entries.keys()]) this.#retire(name);
  }

  async #wait<T>(entry: Entry, work: (key: DataKey) => T): Promise<T> {
    entry.holders += 1;
    try {
      return work(await entry.loading);
    } finally {
      entry.holders -= 1;
      zeroIfUnused(entry);
    }
  }

  #usable(name: string): Entry | null {
    const entry = this.#entries.get(name);
    if (!entry) return null;
    if (entry.expiresAt <= this.nowMs() || entry.uses >= this.bounds.maxUses) {
      this.#retire(name);
      return null;
    }
    // The last in the order of the map is the one that was used last.
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry;
  }

  #open(name: string, load: () => Promise<DataKey>): Entry {
    const entry = this.#entry(load(), null);
    entry.loading.then(
      (key) => {
        entry.key = key;
        zeroIfUnused(entry);
      },
      (error: unknown) => {
        if (this.#entries.get(name) !== entry) return;
        // An outage is not made worse by everybody asking again; anything else is asked again at once.
        if (hasCode(error, 'KEY_SERVICE_UNAVAILABLE')) {
          entry.expiresAt = this.nowMs() + this.bounds.failureTtlMs;
        } else this.#retire(name);
      },
    );
    this.#add(name, entry);
    return entry;
  }

  #entry(loading: Promise<DataKey>, key: DataKey | null): Entry {
    const expiresAt = this.nowMs() + this.bounds.ttlMs;
    return { loading, key, expiresAt, uses: 0, holders: 0, retired: false };
  }

  #add(name: string, entry: Entry): void {
    const now = this.nowMs();
    for (const [other, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#retire(other);
    for (const [oldest] of this.#entries) {
      if (this.#entries.size < this.bounds.maxKeys) break;
      this.#retire(oldest);
    }
    this.#entries.set(name, entry);
  }

  #retire(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    entry.retired = true;
    zeroIfUnused(entry);
  }
}

function zeroIfUnused(entry: Entry): void {
  if (entry.retired && entry.holders === 0) entry.key?.bytes.fill(0);
}
