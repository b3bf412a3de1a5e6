import type { Commands } from '@tenon/core';
import {
  auditEntryDto,
  auditQuery,
  auditVerificationDto,
  toAuditEntryDto,
  toAuditFilter,
  toVerificationDto,
  toVerifyInput,
  verificationQuery,
} from './audit.dto.js';
import { route } from './route.js';
import type { Route } from './route.js';
import { mapPage, pageOf } from './schemas.js';

const tag = 'Audit';
const list = { method: 'get', tag, query: auditQuery, result: pageOf(auditEntryDto) } as const;
const verify = {
  method: 'get',
  tag,
  query: verificationQuery,
  result: auditVerificationDto,
} as const;

/** Who did what, in a tenant and with the app as a whole. */
export function auditRoutes({ audit }: Pick<Commands, 'audit'>): Route[] {
  return [
    route({
      ...list,
      operationId: 'listAuditEntries',
      path: '/api/audit',
      summary: 'List audit entries, newest first',
      auth: 'user',
      scope: 'audit:read',
      handle: async ({ context, query }) =>
        mapPage(await audit.list(context, toAuditFilter(query)), toAuditEntryDto),
    }),
    route({
      ...verify,
      operationId: 'verifyAudit',
      path: '/api/audit/verification',
      summary: 'Recompute the audit trail',
      description: 'For users who see the whole tenant.',
      auth: 'user',
      scope: 'audit:read',
      handle: async ({ context, query }) =>
        toVerificationDto(await audit.verify(context, toVerifyInput(query))),
    }),
    route({
      ...list,
      operationId: 'listAppAuditEntries',
      path: '/api/audit/app',
      summary: "List the entries of the app's own trail: keys, deleted tenants",
      auth: 'app',
      handle: async ({ context, query }) =>
        mapPage(await audit.listApp(context, toAuditFilter(query)), toAuditEntryDto),
    }),
    route({
      ...verify,
      operationId: 'verifyAppAudit',
      path: '/api/audit/app/verification',
      summary: "Recompute the app's own trail",
      auth: 'app',
      handle: async ({ context, query }) =>
        toVerificationDto(await audit.verifyApp(context, toVerifyInput(query))),
    }),
  ];
}
