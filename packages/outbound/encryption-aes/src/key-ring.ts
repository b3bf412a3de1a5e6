import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { badKeys } from './encryption.errors.js';

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

/** Keys by id. */
export type KeyRing = ReadonlyMap<string, KeyObject>;

/** A fresh 32-byte key as base64, for a key ring. */
export function generateKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** @throws MisconfiguredError for ids and keys that cannot be used; keys themselves are never named. */
export function toKeyRing(keys: Iterable<readonly [id: string, base64: string]>): KeyRing {
  const ring = new Map<string, KeyObject>();
  for (const [id, base64] of keys) {
    if (!KEY_ID.test(id)) throw badKeys('a key id must be 1 to 64 letters, digits, - or _');
    if (ring.has(id)) throw badKeys(`two keys have the id '${id}'`);
    ring.set(id, toKey(id, base64));
  }
  if (ring.size === 0) throw badKeys('there is none');
  return ring;
}

function toKey(id: string, base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  if (!BASE64_KEY.test(base64) || bytes.length !== KEY_BYTES) {
    throw badKeys(`the key '${id}' is not 32 bytes in base64`);
  }
  // What forgotten templates and default settings are made of.
  if (bytes.every((byte) => byte === bytes[0])) {
    throw badKeys(`the key '${id}' is one byte repeated, which is no key`);
  }
  return createSecretKey(bytes);
}
