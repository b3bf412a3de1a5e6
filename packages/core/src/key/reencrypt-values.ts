import type { Encryptor } from '../platform/encryptor.port.js';
import { hasCode, isTenonError } from '../platform/tenon.error.js';
import type { SecretFieldPlace } from './secret-field.js';
import type { UnreadableSecret } from './secret-fields.port.js';

/** A sealed value and the row that it belongs to. */
export interface SealedValue {
  readonly id: string;
  readonly tenantId: string;
  readonly text: string;
}

/** A value to be written over `before`, if that still stands. */
export interface ReencryptedValue {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

type Outcome = { readonly change: ReencryptedValue } | { readonly unreadable: UnreadableSecret };

async function reencryptValue(
  encryptor: Encryptor,
  { table, column }: SecretFieldPlace,
  { id, tenantId, text }: SealedValue,
): Promise<Outcome> {
  const context = { tenantId, table, column, rowId: id };
  let plaintext: string;
  try {
    plaintext = await encryptor.decrypt(text, context);
  } catch (error) {
    const isOfValue =
      hasCode(error, 'ENCRYPTION_KEY_MISSING') || hasCode(error, 'DECRYPTION_FAILED');
    if (isOfValue && isTenonError(error)) return { unreadable: { id, code: error.code } };
    throw error;
  }
  return { change: { id, before: text, after: await encryptor.encrypt(plaintext, context) } };
}

/**
 * Encrypts sealed values anew, for adapters of {@link SecretFields}.
 * @throws what the encryptor throws, except for values that it cannot read.
 */
export async function reencryptValues(
  encryptor: Encryptor,
  place: SecretFieldPlace,
  values: readonly SealedValue[],
): Promise<{
  readonly changes: readonly ReencryptedValue[];
  readonly unreadable: readonly UnreadableSecret[];
}> {
  const outcomes = await Promise.all(
    values.map((value) => reencryptValue(encryptor, place, value)),
  );
  return {
    changes: outcomes.flatMap((each) => ('change' in each ? [each.change] : [])),
    unreadable: outcomes.flatMap((each) => ('unreadable' in each ? [each.unreadable] : [])),
  };
}
