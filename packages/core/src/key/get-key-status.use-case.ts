import type { AppContext } from '../platform/context.js';
import type { KeyParts, KeyStatus } from './key-commands.js';
import { countKeyUsage, missingKeyIds } from './key-usage.js';

/** Counts which key each stored secret needs. Reads every table with secrets, in batches. */
export class GetKeyStatus {
  constructor(private readonly parts: KeyParts) {}

  async execute(context: AppContext, _input: Record<string, never>): Promise<KeyStatus> {
    const { persistence, encryptor } = this.parts;
    const { writingKeyId, readingKeyIds } = encryptor;
    const usage = await countKeyUsage(persistence.secretFields, context.signal);
    return {
      writingKeyId,
      readingKeyIds: [...readingKeyIds],
      usage,
      missingKeyIds: missingKeyIds(usage, readingKeyIds),
      rotation: await persistence.keyRotations.find(writingKeyId),
    };
  }
}
