import type { ImportTenantInput } from '@tenon/core';
import { choiceFlag, switchFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';

/** What an import is told about the database that it writes. */
export const importFlags = {
  'on-conflict': choiceFlag(
    ['fail', 'merge', 'skip'],
    'A tenant that is there already: fail (default); merge adds what is missing and fails for rows with other values; skip leaves those',
  ),
  check: switchFlag('Read everything back and compare it before the tenant may do anything'),
};

/** What {@link importFlags} say, for the core. An import that was interrupted is gone on with. */
export function importOptions(
  flags: FlagValues<typeof importFlags>,
): Pick<ImportTenantInput, 'mode' | 'skipDifferent' | 'check'> {
  const conflict = flags['on-conflict'] ?? 'fail';
  return {
    mode: conflict === 'fail' ? 'resume' : 'merge',
    skipDifferent: conflict === 'skip',
    check: flags.check,
  };
}
