import type { Crypto, ScryptParameters } from '../platform/crypto.port.js';
import type { InputCheck } from '../platform/input-check.js';
import type { PasswordHash } from './user.js';

/** What new password hashes cost: 32 MiB and some 100 ms (RFC 7914). */
export const PASSWORD_PARAMETERS: ScryptParameters = {
  cost: 2 ** 15,
  blockSize: 8,
  parallelization: 1,
  keyLength: 32,
};

export const MIN_PASSWORD_LENGTH = 12;
/** Long enough for every pass phrase, short enough that hashing it costs nothing extra. */
export const MAX_PASSWORD_LENGTH = 256;

const SALT_BYTES = 16;
/** Stands in for a user that is not there: what is derived with it equals nothing. */
const DECOY_SALT = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Length in characters as people count them, and not just the user name again. */
export function checkPassword(check: InputCheck, password: string, username: string | null): void {
  const length = Array.from(password).length;
  const fits = length >= MIN_PASSWORD_LENGTH && length <= MAX_PASSWORD_LENGTH;
  check.expect(fits, 'password', `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters`);
  check.expect(
    username === null || password.trim().toLowerCase() !== username,
    'password',
    'must differ from the user name',
  );
}

/** The same password typed on another system may come in another Unicode form. */
function canonical(password: string): string {
  return password.normalize('NFKC');
}

/** Derives what is stored of a password. */
export async function hashPassword(
  crypto: Crypto,
  password: string,
  parameters: ScryptParameters,
): Promise<PasswordHash> {
  const salt = crypto.randomToken(SALT_BYTES);
  const hash = await crypto.scrypt(canonical(password), salt, parameters);
  return { algorithm: 'scrypt', parameters, salt, hash };
}

/** Whether the password fits. Without a stored hash it does the same work and answers false. */
export async function fitsPassword(
  crypto: Crypto,
  password: string,
  known: { readonly stored: PasswordHash | null; readonly parameters: ScryptParameters },
): Promise<boolean> {
  const { stored, parameters } = known;
  const salt = stored?.salt ?? DECOY_SALT;
  // Longer ones were never accepted; their length must not decide how long an answer takes.
  const candidate = canonical(password.slice(0, MAX_PASSWORD_LENGTH * 2));
  const hash = await crypto.scrypt(candidate, salt, stored?.parameters ?? parameters);
  const same = crypto.equal(hash, stored?.hash ?? hash);
  return stored !== null && same && password.length <= MAX_PASSWORD_LENGTH * 2;
}

/** True when a hash was made with cheaper parameters than those of today. */
export function isOutdated(stored: PasswordHash, parameters: ScryptParameters): boolean {
  const work = (p: ScryptParameters): number => p.cost * p.blockSize * p.parallelization;
  return work(stored.parameters) < work(parameters);
}
