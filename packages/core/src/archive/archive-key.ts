import { ValidationError } from '../platform/common.errors.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { EncryptionContext, Encryptor } from '../platform/encryptor.port.js';
import type { Secret } from '../platform/secret.js';
import { secret } from '../platform/secret.js';
import type { ArchiveHeader } from './archive-format.js';
import { archiveKeyWrong } from './archive.errors.js';

/** Makes the encryptor of an archive of a key: 32 bytes in base64url. */
export type MakeArchiveEncryptor = (key: Secret<string>) => Promise<Encryptor>;

/** What opening and making archive keys needs. */
export interface ArchiveKeyParts {
  readonly crypto: Crypto;
  readonly makeEncryptor: MakeArchiveEncryptor;
}

const MIN_LENGTH = 16;
const SALT_BYTES = 16;
const KNOWN = 'tenon';
/** 32 MiB and some 50 ms per guess. */
const COST = { cost: 2 ** 15, blockSize: 8, parallelization: 1, keyLength: 32 };

function placeOf(tenantId: string, salt: string): EncryptionContext {
  return { tenantId, table: 'archive', column: 'key', rowId: salt };
}

async function derive(
  parts: ArchiveKeyParts,
  key: Secret<string>,
  salt: string,
): Promise<Encryptor> {
  const text = key.reveal();
  if (text.length < MIN_LENGTH) {
    const message = `it has at least ${MIN_LENGTH} characters; make one with 'openssl rand -base64 32'`;
    throw new ValidationError('The archive key', [{ path: '', message }]);
  }
  return parts.makeEncryptor(secret(await parts.crypto.scrypt(text, salt, COST)));
}

/** The encryptor of a new archive, and what its header says of the key. @throws ValidationError for a key that is too short. */
export async function newArchiveKey(
  parts: ArchiveKeyParts,
  key: Secret<string>,
  tenantId: string,
): Promise<{ readonly encryptor: Encryptor; readonly key: ArchiveHeader['key'] }> {
  const salt = parts.crypto.randomToken(SALT_BYTES);
  const encryptor = await derive(parts, key, salt);
  const check = await encryptor.encrypt(KNOWN, placeOf(tenantId, salt));
  return { encryptor, key: { salt, check } };
}

/** The encryptor of an archive. @throws TenonError `ARCHIVE_KEY_WRONG`; ValidationError. */
export async function openArchiveKey(
  parts: ArchiveKeyParts,
  key: Secret<string>,
  header: ArchiveHeader,
): Promise<Encryptor> {
  const { salt, check } = header.key;
  const encryptor = await derive(parts, key, salt);
  try {
    await encryptor.decrypt(check, placeOf(header.tenantId, salt));
  } catch (error) {
    throw archiveKeyWrong(error);
  }
  return encryptor;
}
