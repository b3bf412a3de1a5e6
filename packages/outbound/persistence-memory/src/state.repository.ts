import { checkStateWrite } from '@tenon/core';
import type {
  KeyValueRepository,
  StateEntry,
  StateScan,
  StateScope,
  StateWrite,
} from '@tenon/core';
import type { Access } from './access.js';
import { stateOf, type Database } from './database.js';
import { compareCodePoints } from './sorted-keys.js';

export class MemoryKeyValueRepository implements KeyValueRepository {
  constructor(private readonly access: Access) {}

  get(scope: StateScope, key: string, now: Date): Promise<StateEntry | null> {
    return this.access.run((database) => alive(database, { scope, key, now }) ?? null);
  }

  getMany(scope: StateScope, keys: readonly string[], now: Date): Promise<readonly StateEntry[]> {
    return this.access.run((database) =>
      [...new Set(keys)]
        .map((key) => alive(database, { scope, key, now }))
        .filter((entry) => entry !== undefined),
    );
  }

  put(scope: StateScope, write: StateWrite): Promise<StateEntry> {
    return this.access.run((database) => writeEntry(database, scope, write));
  }

  compareAndSet(
    scope: StateScope,
    write: StateWrite,
    expected: number | 'absent',
  ): Promise<StateEntry | null> {
    return this.access.run((database) => {
      const { key, now } = write;
      const version = alive(database, { scope, key, now })?.version ?? 'absent';
      checkStateWrite(scope, write);
      return version === expected ? writeEntry(database, scope, write) : null;
    });
  }

  delete(
    scope: StateScope,
    key: string,
    condition: { readonly now: Date; readonly version?: number },
  ): Promise<boolean> {
    return this.access.run((database) => {
      const entry = alive(database, { scope, key, now: condition.now });
      const matches = entry && matchesVersion(entry, condition.version);
      return matches ? database.states.remove(keyOf(scope, key)) : false;
    });
  }

  scan(scope: StateScope, scan: StateScan): Promise<readonly StateEntry[]> {
    const { prefix, afterKey, limit, now } = scan;
    return this.access.run(({ states }) =>
      [...states.group('scope', `${scope.tenantId}/${scope.namespace}`)]
        .filter(
          (entry) =>
            isAlive(entry, now) &&
            entry.key.startsWith(prefix) &&
            (afterKey === null || compareCodePoints(entry.key, afterKey) > 0),
        )
        .sort((a, b) => compareCodePoints(a.key, b.key))
        .slice(0, limit),
    );
  }

  deleteExpired(before: Date, limit: number): Promise<number> {
    return this.access.run(({ states }) => {
      const expired: StateEntry[] = [];
      for (const entry of states.all()) {
        if (expired.length === limit) break;
        if (entry.expiresAt !== null && entry.expiresAt < before) expired.push(entry);
      }
      for (const entry of expired) states.remove(keyOf(entry, entry.key));
      return expired.length;
    });
  }
}

function keyOf({ tenantId, namespace }: StateScope, key: string): string {
  return stateOf(tenantId, namespace, key);
}

function matchesVersion(entry: StateEntry, version: number | undefined): boolean {
  return version === undefined || version === entry.version;
}

function isAlive({ expiresAt }: StateEntry, now: Date): boolean {
  return expiresAt === null || expiresAt > now;
}

function alive(
  { states }: Database,
  { scope, key, now }: { readonly scope: StateScope; readonly key: string; readonly now: Date },
): StateEntry | undefined {
  const entry = states.get(keyOf(scope, key));
  return entry && isAlive(entry, now) ? entry : undefined;
}

function writeEntry({ states }: Database, scope: StateScope, write: StateWrite): StateEntry {
  checkStateWrite(scope, write);
  const { tenantId, namespace } = scope;
  const { key, value, expiresAt, now } = write;
  const before = states.get(keyOf(scope, key))?.version ?? 0;
  const version = Math.max(before + 1, now.getTime());
  const entry = { tenantId, namespace, key, value, version, expiresAt, updatedAt: now };
  states.put(entry);
  return entry;
}
