import { MisconfiguredError } from '@tenon/core';

const HOW_TO_MAKE = "make a key with 'openssl rand -base64 32'";

/** `MISCONFIGURED`: the key ring cannot be used as it is. */
export function badKeys(problem: string): MisconfiguredError {
  return new MisconfiguredError(`Encryption keys: ${problem}; ${HOW_TO_MAKE}`);
}
