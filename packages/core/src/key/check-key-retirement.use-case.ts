import { ValidationError } from '../platform/common.errors.js';
import type { AppContext } from '../platform/context.js';
import { TenonError } from '../platform/tenon.error.js';
import type { KeyParts } from './key-commands.js';
import { countKeyUsage } from './key-usage.js';

function inUse(keyId: string, why: string, details: Record<string, number> = {}): TenonError {
  return new TenonError({
    code: 'ENCRYPTION_KEY_IN_USE',
    category: 'precondition',
    message: `The key '${keyId}' cannot be retired: ${why}`,
    details: { keyId, ...details },
  });
}

/** Says whether a key may be taken out of the ring: nothing that is stored names it, and it does not write. */
export class CheckKeyRetirement {
  constructor(private readonly parts: KeyParts) {}

  /** @throws ValidationError for a key that the ring does not have, TenonError `ENCRYPTION_KEY_IN_USE` naming what needs it. */
  async execute(
    context: AppContext,
    { keyId }: { readonly keyId: string },
  ): Promise<{ readonly keyId: string }> {
    const { encryptor, persistence } = this.parts;
    if (!encryptor.readingKeyIds.includes(keyId)) {
      const known = encryptor.readingKeyIds.join(', ');
      const message = `the ring has no key '${keyId}'; it has ${known}`;
      throw new ValidationError('The key', [{ path: 'keyId', message }]);
    }
    if (keyId === encryptor.writingKeyId) {
      throw inUse(keyId, 'new values are written with it; put another key first');
    }
    const usage = await countKeyUsage(persistence.secretFields, context.signal);
    const needed = usage.filter((each) => each.keyId === keyId && each.rows > 0);
    if (needed.length === 0) return { keyId };
    const names = needed.map(({ entity, field, rows }) => [`${entity}.${field}`, rows] as const);
    const listed = names.map(([name, rows]) => `${rows} of ${name}`).join(', ');
    throw inUse(
      keyId,
      `stored values need it (${listed}); rotate first`,
      Object.fromEntries(names),
    );
  }
}
