import { connectionNeedsReauthorization } from '../connection/connection.errors.js';
import type { Connection } from '../connection/connection.js';
import type { AuthDefinition } from '../connector/auth.js';
import type { Connector } from '../connector/connector.js';
import { abandonable } from '../platform/link-signals.js';
import type { CredentialCache } from './credential-cache.js';
import type { CredentialRefresher } from './credential-refresher.js';
import type { CredentialSource, Patience } from './credential-source.js';
import { isFresh, oauth2Material, refreshDueAtMs } from './credential-state.js';
import type { Credential } from './credential.js';
import { markNeedsReauthorization } from './mark-needs-reauthorization.js';
import { placeCredential } from './placed-credential.js';
import type { PlacedCredential } from './placed-credential.js';
import { readCredential, requireActive } from './refresh-subject.js';
import type { RefresherParts } from './refresher-parts.js';

/** What all sources of a process share. */
export interface SourceParts extends RefresherParts {
  readonly cache: CredentialCache;
  readonly refresher: CredentialRefresher;
}

const NO_NEED = { rejected: null };

/** The credential of a stored connection. */
export class StoredCredentialSource implements CredentialSource {
  readonly #auth: AuthDefinition;
  readonly #subject: Pick<Connection, 'id' | 'connector'> & {
    readonly tenantId: Connection['tenantId'];
    readonly connectionId: Connection['id'];
  };
  /** The state as the caller knew it may be outdated: it is read before the first call when it was not active. */
  #active: boolean;
  #used = false;

  constructor(
    connector: Connector,
    connection: Connection,
    private readonly parts: SourceParts & {
      /** Hears of the first use, and of every read of the row. */
      readonly onRead?: () => void;
    },
  ) {
    const { id, tenantId } = connection;
    this.#auth = connector.auth;
    this.#subject = { id, tenantId, connectionId: id, connector: connector.name };
    this.#active = connection.state === 'active';
  }

  current(patience: Patience): PlacedCredential | Promise<PlacedCredential> {
    const cached = this.#active ? this.parts.cache.get(this.#subject.id) : null;
    if (!cached) return this.#read(patience);
    if (!this.#used) this.#noteUse();
    return cached;
  }

  async afterRejected(
    used: PlacedCredential,
    again: boolean,
    patience: Patience,
  ): Promise<PlacedCredential | null> {
    const { cache, persistence } = this.parts;
    const { id } = this.#subject;
    cache.forget(id, used);
    this.#noteUse();
    const credential = await readCredential(persistence, this.#subject);
    const stored = this.#place(credential);
    if (stored.value !== used.value && !again) return this.#keep(credential);
    if (this.#auth.type !== 'oauth2' || oauth2Material(credential).refreshToken === null) {
      return this.#withoutRefresh(credential, { stored, used, again });
    }
    if (again) cache.setFutile(id, used);
    if (again || cache.isFutile(id, used)) return null;
    const need = { rejected: used.value };
    return this.#keep(await this.#obtain(need, patience));
  }

  async #read(patience: Patience): Promise<PlacedCredential> {
    const { cache, persistence } = this.parts;
    if (!this.#active) {
      await requireActive(persistence, this.#subject);
      this.#active = true;
    }
    this.#noteUse();
    const reading = cache.share(this.#subject.id, () => readCredential(persistence, this.#subject));
    const credential = await abandonable(reading, patience.signal);
    const at = { need: NO_NEED, nowMs: this.parts.clock.now().getTime() };
    const fresh = this.#auth.type !== 'oauth2' || isFresh(this.#auth, credential, at);
    return this.#keep(fresh ? credential : await this.#obtain(NO_NEED, patience));
  }

  #noteUse(): void {
    this.#used = true;
    this.parts.onRead?.();
  }

  #obtain(need: { readonly rejected: string | null }, patience: Patience): Promise<Credential> {
    if (this.#auth.type !== 'oauth2') throw new TypeError('only OAuth credentials are refreshed');
    const subject = { ...this.#subject, auth: this.#auth };
    return this.parts.refresher.obtain(subject, need, patience);
  }

  /** One more try with what is stored, then a person has to connect again. */
  async #withoutRefresh(
    credential: Credential,
    seen: {
      readonly stored: PlacedCredential;
      readonly used: PlacedCredential;
      readonly again: boolean;
    },
  ): Promise<PlacedCredential> {
    const { stored, used, again } = seen;
    if (!again || stored.value !== used.value) return stored;
    const { connector, id } = this.#subject;
    const failed = { credential, connector, code: 'UNAUTHORIZED' };
    if (!(await markNeedsReauthorization(failed, this.parts))) {
      // Whoever changed the row did so to store another credential, or to say the same.
      await requireActive(this.parts.persistence, this.#subject);
      return this.#place(await readCredential(this.parts.persistence, this.#subject));
    }
    throw connectionNeedsReauthorization({ id, connector });
  }

  #place(credential: Credential): PlacedCredential {
    return placeCredential(this.#auth, credential.material.reveal(), this.parts.crypto);
  }

  #keep(credential: Credential): PlacedCredential {
    const placed = this.#place(credential);
    let goodForMs = Infinity;
    if (this.#auth.type === 'oauth2') {
      const coolMs = credential.refreshNotBefore?.getTime() ?? 0;
      const dueMs = Math.max(refreshDueAtMs(this.#auth, credential), coolMs);
      const endMs = Math.min(dueMs, credential.expiresAt?.getTime() ?? Infinity);
      goodForMs = endMs - this.parts.clock.now().getTime();
    }
    this.parts.cache.put(this.#subject.id, placed, goodForMs);
    return placed;
  }
}
