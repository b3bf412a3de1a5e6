import { createHash } from 'node:crypto';
import type { KeptTimer, TimerKey } from '@tenon/core';

const FINGERPRINT_CHARS = 16;
const NAME = /^([\w-]{22})\.([\w-]{22})\.([\w-]{16})$/;
const UUID_HEX = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

const short = (uuid: string): string =>
  Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

const long = (text: string): string =>
  Buffer.from(text, 'base64url').toString('hex').replace(UUID_HEX, '$1-$2-$3-$4-$5');

/** A short text that differs whenever one of the values does. */
export function fingerprintOf(values: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(values)).digest('base64url');
  return hash.slice(0, FINGERPRINT_CHARS);
}

/** How the names of a schedule's timers begin. */
export function namePrefix({ tenantId, id }: TimerKey): string {
  return `${short(tenantId)}.${short(id)}.`;
}

/** Name of a timer, 62 of the 64 characters that there may be: tenant, schedule, and what it was made from. */
export function timerName(timer: KeptTimer): string {
  return namePrefix(timer) + timer.fingerprint;
}

/** The timer of a name; null for names that this adapter did not give. */
export function parseTimerName(name: string): KeptTimer | null {
  const [, tenant, schedule, fingerprint] = NAME.exec(name) ?? [];
  if (tenant === undefined || schedule === undefined || fingerprint === undefined) return null;
  const key = { tenantId: long(tenant), id: long(schedule) } as unknown as TimerKey;
  return { ...key, fingerprint };
}
