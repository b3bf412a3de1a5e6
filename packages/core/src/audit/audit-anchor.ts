import { ValidationError } from '../platform/common.errors.js';
import type { AuditHead } from './audit-entry.js';

const ANCHOR = /^([1-9]\d{0,15}):([A-Za-z0-9_-]{43})$/;

/** An end of a trail as one word, `SEQUENCE:HASH`, to be kept outside of the database. */
export function auditAnchor({ sequence, hash }: AuditHead): string {
  return `${sequence}:${hash}`;
}

/** Reads what {@link auditAnchor} wrote. @throws ValidationError naming `path`. */
export function parseAuditAnchor(text: string, path = 'anchor'): AuditHead {
  const [, sequence = '', hash = ''] = ANCHOR.exec(text.trim()) ?? [];
  if (hash !== '') return { sequence: Number(sequence), hash };
  const message = 'SEQUENCE:HASH, as an earlier verification showed it';
  throw new ValidationError('The verification', [{ path, message }]);
}
