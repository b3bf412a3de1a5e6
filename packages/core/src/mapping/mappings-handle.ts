import type { MappingsHandle } from '../integration/integration-context.js';
import type { EffectOwner, Effects } from '../job/effects.js';
import { ValidationError } from '../platform/common.errors.js';
import type { Clock } from '../platform/clock.port.js';
import type { MappingRepository, MappingScope } from './mapping-repository.port.js';

const MAX_KIND = 100;
const MAX_ID = 500;
const MAX_PAGE = 10_000;

function refuse(path: string, message: string): never {
  throw new ValidationError('The mapping', [{ path, message }]);
}

function checkId(path: string, id: string): void {
  if (id === '' || id.length > MAX_ID) refuse(path, `it has 1 to ${MAX_ID} characters`);
}

/** The mappings of one installation. They are written at once, not with the handler's other changes. */
export function mappingsHandle(
  parts: { readonly mappings: MappingRepository; readonly clock: Clock },
  effects: Effects,
  owner: EffectOwner,
): MappingsHandle {
  const { mappings, clock } = parts;
  const { tenantId, installationId } = owner;
  const scope = (kind: string): MappingScope => {
    effects.assertOpen('mappings');
    if (kind === '' || kind.length > MAX_KIND) refuse('kind', `it has 1 to ${MAX_KIND} characters`);
    return { tenantId, installationId, kind };
  };
  return {
    upsert: async (kind, rows) => {
      for (const { sourceId, targetId } of rows) {
        checkId('sourceId', sourceId);
        if (targetId !== undefined && targetId !== null) checkId('targetId', targetId);
      }
      const full = rows.map(({ sourceId, targetId = null, hash = null, state = null }) => ({
        sourceId,
        targetId,
        hash,
        state,
      }));
      return full.length === 0 ? 0 : mappings.upsertMany(scope(kind), full, clock.now());
    },
    find: async (kind, ids) => (ids.length === 0 ? [] : mappings.findMany(scope(kind), ids)),
    findByTarget: async (kind, targetId) => mappings.findByTarget(scope(kind), targetId),
    list: async (kind, afterSourceId, limit) => {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
        refuse('limit', `a whole number from 1 to ${MAX_PAGE}`);
      return mappings.list(scope(kind), afterSourceId, limit);
    },
    count: async (kind) => mappings.count(scope(kind)),
    delete: async (kind, ids) => (ids.length === 0 ? 0 : mappings.deleteMany(scope(kind), ids)),
  };
}
