import type { CancellationSignal } from '../platform/cancellation.js';
import type { PlacedCredential } from './placed-credential.js';

/** How long a caller is ready to wait for a credential. */
export interface Patience {
  readonly maxWaitMs: number;
  readonly signal: CancellationSignal | undefined;
}

/** Where the authorised client gets its credential from, at every use. */
export interface CredentialSource {
  /** The credential to send now. Synchronous when it is at hand. */
  current(patience: Patience): PlacedCredential | Promise<PlacedCredential>;
  /**
   * The provider answered 401 to `used`. Answers another credential to try once more, or null when there is none and the
   * 401 stands. `again`: the credential before was refused in the same call already.
   * @throws TenonError `CONNECTION_NEEDS_REAUTHORIZATION` when this was the last hope.
   */
  afterRejected(
    used: PlacedCredential,
    again: boolean,
    patience: Patience,
  ): Promise<PlacedCredential | null>;
}

/** Material that is not stored yet: tried once, by the identity call that decides whether it is kept. */
export class FixedCredentialSource implements CredentialSource {
  constructor(private readonly placed: PlacedCredential) {}

  current(): PlacedCredential {
    return this.placed;
  }

  afterRejected(): Promise<null> {
    return Promise.resolve(null);
  }
}
