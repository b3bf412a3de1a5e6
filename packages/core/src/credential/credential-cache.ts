import type { ConnectionId } from '../connection/connection.js';
import type { Clock } from '../platform/clock.port.js';
import type { Credential } from './credential.js';
import type { PlacedCredential } from './placed-credential.js';

interface Entry {
  readonly placed: PlacedCredential;
  readonly validUntilMs: number;
}

const MAX_ENTRIES = 1_000;

/** A token that was refused right after its refresh: refreshing again within this time would only spend another one. */
const FUTILE_MS = 60_000;

/**
 * Credentials in memory, for seconds: calls that follow each other closely read and decrypt the row once. A token that another
 * process replaced meanwhile is answered with 401, forgotten and read again.
 */
export class CredentialCache {
  readonly #entries = new Map<ConnectionId, Entry>();
  readonly #reading = new Map<ConnectionId, Promise<Credential>>();
  readonly #futile = new Map<ConnectionId, Entry>();

  constructor(
    private readonly ttlMs: number,
    private readonly clock: Clock,
  ) {}

  get(connectionId: ConnectionId): PlacedCredential | null {
    const entry = this.#entries.get(connectionId);
    if (!entry) return null;
    if (this.clock.monotonicMs() < entry.validUntilMs) return entry.placed;
    this.#entries.delete(connectionId);
    return null;
  }

  /** Keeps a credential, no longer than `goodForMs`. */
  put(connectionId: ConnectionId, placed: PlacedCredential, goodForMs: number): void {
    const lifeMs = Math.min(this.ttlMs, goodForMs);
    if (lifeMs <= 0) return;
    this.#entries.delete(connectionId);
    if (this.#entries.size >= MAX_ENTRIES) this.#evict();
    this.#entries.set(connectionId, { placed, validUntilMs: this.clock.monotonicMs() + lifeMs });
  }

  /** Forgets `placed`; another credential that took its place stays. */
  forget(connectionId: ConnectionId, placed: PlacedCredential): void {
    if (this.#entries.get(connectionId)?.placed.value === placed.value) {
      this.#entries.delete(connectionId);
    }
  }

  /** Lets calls that need the same row at the same time share one read. */
  share(connectionId: ConnectionId, read: () => Promise<Credential>): Promise<Credential> {
    const running = this.#reading.get(connectionId);
    if (running) return running;
    const reading = read().finally(() => this.#reading.delete(connectionId));
    this.#reading.set(connectionId, reading);
    return reading;
  }

  /** Remembers that a refresh does not help against the provider's 401. */
  setFutile(connectionId: ConnectionId, placed: PlacedCredential): void {
    if (this.#futile.size >= MAX_ENTRIES) this.#futile.clear();
    const validUntilMs = this.clock.monotonicMs() + FUTILE_MS;
    this.#futile.set(connectionId, { placed, validUntilMs });
  }

  isFutile(connectionId: ConnectionId, placed: PlacedCredential): boolean {
    const entry = this.#futile.get(connectionId);
    if (!entry) return false;
    const holds = this.clock.monotonicMs() < entry.validUntilMs;
    if (!holds) this.#futile.delete(connectionId);
    return holds && entry.placed.value === placed.value;
  }

  #evict(): void {
    const now = this.clock.monotonicMs();
    for (const [id, entry] of this.#entries)
      if (entry.validUntilMs <= now) this.#entries.delete(id);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MAX_ENTRIES && oldest) this.#entries.delete(oldest);
  }
}
