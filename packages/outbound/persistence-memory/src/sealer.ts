import { Secret } from '@tenon/core';
import type { EncryptionContext, Encryptor } from '@tenon/core';

/** A secret as it is kept: encrypted text, or the secret itself when there is no encryptor. */
export type Sealed<T> = string | Secret<T>;

/** A row whose secret members are sealed. */
export type SealedRow<Row, Member extends keyof Row> = Omit<Row, Member> & {
  readonly [Name in Member]: Row[Name] extends Secret<infer T>
    ? Sealed<T>
    : Row[Name] extends Secret<infer T> | null
      ? Sealed<T> | null
      : never;
};

/** Encrypts secrets on their way in and decrypts them on their way out, outside of any lock. */
export class Sealer {
  constructor(private readonly encryptor: Encryptor | undefined) {}

  async seal<T>(value: Secret<T>, context: EncryptionContext): Promise<Sealed<T>> {
    if (!this.encryptor) return value;
    return this.encryptor.encrypt(JSON.stringify(value.reveal()), context);
  }

  /** @throws what the encryptor throws. */
  async open<T>(value: Sealed<T>, context: EncryptionContext): Promise<Secret<T>> {
    if (typeof value !== 'string') return value;
    if (!this.encryptor) throw new TypeError('This row is encrypted and there is no encryptor');
    return new Secret(JSON.parse(await this.encryptor.decrypt(value, context)) as T);
  }
}
