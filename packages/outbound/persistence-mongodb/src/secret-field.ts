import { secret, type Encryptor, type Secret } from '@tenon/core';

/** The row that a secret belongs to. */
export interface SecretOwner {
  readonly id: string;
  readonly tenantId: string;
}

/** One encrypted column. The ciphertext is bound to tenant, table, column and row. */
export class SecretField<T> {
  readonly #encryptor: Encryptor;
  readonly #table: string;
  readonly #column: string;

  constructor(encryptor: Encryptor, place: { readonly table: string; readonly column: string }) {
    this.#encryptor = encryptor;
    this.#table = place.table;
    this.#column = place.column;
  }

  #context({ id, tenantId }: SecretOwner) {
    return { tenantId, table: this.#table, column: this.#column, rowId: id };
  }

  async seal(value: Secret<T>, owner: SecretOwner): Promise<string> {
    return this.#encryptor.encrypt(JSON.stringify(value.reveal()), this.#context(owner));
  }

  /** @throws what the encryptor throws. */
  async open(text: string, owner: SecretOwner): Promise<Secret<T>> {
    return secret(JSON.parse(await this.#encryptor.decrypt(text, this.#context(owner))) as T);
  }
}
