import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  expiresAtMs: number;
}

const SWEEP_EVERY_WRITES = 1000;

/**
 * Keeps what the authorization server has issued, in memory, for one server. Expired entries are
 * swept so that a long backfill with short-lived tokens does not grow it.
 */
export class OAuthStorage {
  readonly #entries = new Map<string, Map<string, Entry>>();
  #writes = 0;

  /** The storage of one kind of artefact, such as `AccessToken`. */
  adapter(kind: string): Adapter {
    const entries = this.#kind(kind);
    const find = (id: string) => Promise.resolve(liveEntry(entries, id)?.payload);
    return {
      find,
      findByUid: (uid) => findBy(entries, (payload) => payload.uid === uid),
      findByUserCode: (code) => findBy(entries, (payload) => payload.userCode === code),
      upsert: (id, payload, expiresIn) => {
        this.#sweepSometimes();
        const expiresAtMs = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
        entries.set(id, { payload, expiresAtMs });
        return Promise.resolve();
      },
      consume: (id) => {
        const entry = liveEntry(entries, id);
        if (entry) entry.payload = { ...entry.payload, consumed: Math.floor(Date.now() / 1000) };
        return Promise.resolve();
      },
      destroy: (id) => {
        entries.delete(id);
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        for (const [id, { payload }] of entries) {
          if (payload.grantId === grantId) entries.delete(id);
        }
        return Promise.resolve();
      },
    };
  }

  /** Forgets everything of one kind and tells how much it was. */
  clear(kind: string): number {
    const entries = this.#kind(kind);
    const count = entries.size;
    entries.clear();
    return count;
  }

  /** How many live and not yet swept entries of one kind there are. */
  count(kind: string): number {
    return this.#kind(kind).size;
  }

  #kind(kind: string): Map<string, Entry> {
    let entries = this.#entries.get(kind);
    if (entries === undefined) {
      entries = new Map();
      this.#entries.set(kind, entries);
    }
    return entries;
  }

  #sweepSometimes(): void {
    this.#writes += 1;
    if (this.#writes % SWEEP_EVERY_WRITES !== 0) return;
    const now = Date.now();
    for (const entries of this.#entries.values()) {
      for (const [id, { expiresAtMs }] of entries) if (expiresAtMs <= now) entries.delete(id);
    }
  }
}

function liveEntry(entries: Map<string, Entry>, id: string): Entry | undefined {
  const entry = entries.get(id);
  return entry !== undefined && entry.expiresAtMs > Date.now() ? entry : undefined;
}

function findBy(
  entries: Map<string, Entry>,
  matches: (payload: AdapterPayload) => boolean,
): Promise<AdapterPayload | undefined> {
  for (const { payload, expiresAtMs } of entries.values()) {
    if (expiresAtMs > Date.now() && matches(payload)) return Promise.resolve(payload);
  }
  return Promise.resolve(undefined);
}
