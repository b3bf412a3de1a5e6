import { auditAnchor, parseAuditAnchor } from '@tenon/core';
import type {
  AuditEntry,
  AuditFilter,
  AuditVerification,
  PageRequest,
  UserId,
  VerifyAuditInput,
} from '@tenon/core';
import * as z from 'zod';
import { idOf, json, pageQuery, time } from './schemas.js';

const actorKind = z.enum(['user', 'app', 'system']);

/** Query of a list of entries. */
export const auditQuery = z.strictObject({
  ...pageQuery,
  action: z.string().min(1).max(100).optional().describe('For example connection.deleted'),
  subjectType: z.string().min(1).max(100).optional(),
  subjectId: z.string().min(1).max(500).optional(),
  actorKind: actorKind.optional(),
  actorUserId: idOf<UserId>('user who acted').optional(),
  from: time.optional().describe('Entries of this moment and later'),
  to: time.optional().describe('Entries before this moment'),
});

export function toAuditFilter({
  from,
  to,
  ...rest
}: z.output<typeof auditQuery>): PageRequest & AuditFilter {
  return {
    ...rest,
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
}

export const auditEntryDto = z
  .object({
    id: z.string(),
    sequence: z.number().int(),
    createdAt: time,
    actor: z.object({ kind: actorKind, userId: z.string().nullable() }),
    action: z.string(),
    subject: z.object({ type: z.string(), id: z.string() }),
    details: json,
    requestId: z.string(),
    previousHash: z.string(),
    hash: z.string(),
    anchor: z.string().describe('sequence:hash, to be kept elsewhere for a later verification'),
  })
  .meta({ id: 'AuditEntry' });

export function toAuditEntryDto(entry: AuditEntry): z.input<typeof auditEntryDto> {
  const { tenantId: _tenantId, createdAt, ...rest } = entry;
  return { ...rest, createdAt: createdAt.toISOString(), anchor: auditAnchor(entry) };
}

const anchor = z.string().max(100);

/** Query of a verification. */
export const verificationQuery = z.strictObject({
  anchor: anchor.optional().describe('An anchor that was noted earlier: the trail must contain it'),
  after: anchor
    .optional()
    .describe('Begin after this anchor; what stands before it is taken on trust'),
});

/** A request is answered in seconds, however long the trail is. */
const MAX_ENTRIES = 50_000;

export function toVerifyInput(query: z.output<typeof verificationQuery>): VerifyAuditInput {
  return {
    maxEntries: MAX_ENTRIES,
    ...(query.anchor !== undefined && { anchor: parseAuditAnchor(query.anchor) }),
    ...(query.after !== undefined && { after: parseAuditAnchor(query.after, 'after') }),
  };
}

export const auditVerificationDto = z
  .object({
    ok: z.boolean(),
    checked: z.number().int(),
    complete: z
      .boolean()
      .describe(`False after ${MAX_ENTRIES} entries: ask again with after=anchor of this answer`),
    anchor: z.string().nullable().describe('Of the last entry that is right'),
    broken: z
      .object({
        sequence: z.number().int(),
        reason: z.enum(['missing', 'changed', 'unlinked', 'head_mismatch', 'anchor_mismatch']),
      })
      .nullable(),
  })
  .meta({ id: 'AuditVerification' });

export function toVerificationDto({
  head,
  ...rest
}: AuditVerification): z.input<typeof auditVerificationDto> {
  return { ...rest, anchor: head && auditAnchor(head) };
}
