import { randomBytes } from 'node:crypto';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { textFlag } from '../flags.js';

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** `tenon keys generate`. The variable alone goes to standard output, so that `>> .env` works. */
export const keysGenerateCommand = defineCommand({
  name: 'keys generate',
  summary: 'Make an encryption key',
  flags: { id: textFlag('ID', 'Name of the key (default: k1)') },
  run: async ({ id }, io) => {
    const keyId = id ?? 'k1';
    if (!KEY_ID.test(keyId)) {
      throw new UsageError('--id must be 1 to 32 letters, digits, dashes or underscores');
    }
    const key = randomBytes(KEY_BYTES).toString('base64');
    io.stdout.write(`TENON_ENCRYPTION_KEYS=${keyId}:${key}\n`);
    io.stderr.write(
      'Set this variable where the app runs, and keep the key: without it, what it encrypted is lost.\n' +
        'To change keys, put the new one first and keep the old ones behind it: k2:<new>,k1:<old>\n',
    );
    return exitCodes.ok;
  },
});
