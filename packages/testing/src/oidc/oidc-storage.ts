import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Keeps what a test's authorization server issued, in memory. */
export class OidcStorage {
  readonly #kinds = new Map<string, Map<string, AdapterPayload>>();

  /** The storage of one kind, such as `RefreshToken`. */
  adapter(kind: string): Adapter {
    const entries = this.#kinds.get(kind) ?? new Map<string, AdapterPayload>();
    this.#kinds.set(kind, entries);
    const findBy = (name: 'uid' | 'userCode') => (value: string) =>
      Promise.resolve([...entries.values()].find((payload) => payload[name] === value));
    return {
      upsert: async (id, payload) => void entries.set(id, payload),
      find: (id) => Promise.resolve(entries.get(id)),
      findByUid: findBy('uid'),
      findByUserCode: findBy('userCode'),
      consume: async (id) => {
        const payload = entries.get(id);
        if (payload) entries.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) });
      },
      destroy: async (id) => void entries.delete(id),
      revokeByGrantId: async (grantId) => {
        for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id);
      },
    };
  }

  /** Forgets everything of a kind. */
  clear(kind: string): void {
    this.#kinds.get(kind)?.clear();
  }
}
