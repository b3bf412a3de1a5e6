import { MisconfiguredError, UnauthenticatedError } from '../platform/common.errors.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { Secret } from '../platform/secret.js';

/** A key of the product's own back end. Several may be valid at once, so that they can be rotated without a gap. */
export interface AppKey {
  /** For logs: tells which key was used. */
  readonly id: string;
  readonly key: Secret<string>;
}

const MIN_LENGTH = 16;

/** The keys of the back end, kept as hashes. */
export class AppKeys {
  readonly #keys: readonly { readonly id: string; readonly hash: string }[];

  /** @throws MisconfiguredError for keys below 16 characters and for repeated ids. */
  constructor(
    private readonly crypto: Crypto,
    keys: readonly AppKey[],
  ) {
    for (const { id, key } of keys) {
      if (key.reveal().length < MIN_LENGTH) {
        throw new MisconfiguredError(
          `The app key '${id}' is shorter than ${MIN_LENGTH} characters; make one with 'openssl rand -base64 32'`,
        );
      }
      if (keys.filter((other) => other.id === id).length > 1) {
        throw new MisconfiguredError(`Two app keys have the id '${id}'`);
      }
    }
    this.#keys = keys.map(({ id, key }) => ({ id, hash: crypto.sha256(key.reveal()) }));
  }

  /** The id of the key. Compares with all of them, by hash, whatever fits first. @throws UnauthenticatedError. */
  verify(key: string): string {
    const hash = this.crypto.sha256(key);
    let found: string | null = null;
    for (const known of this.#keys) {
      if (this.crypto.equal(hash, known.hash)) found = known.id;
    }
    if (found === null) throw new UnauthenticatedError('A valid app key is needed');
    return found;
  }
}
