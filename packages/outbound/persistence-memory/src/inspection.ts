import { Secret } from '@tenon/core';
import type { Database } from './database.js';

/** Where one sealed value is kept, in the words of the encryption context. */
export interface Cell {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

const tables = [
  'tenants',
  'users',
  'memberships',
  'tokens',
  'connections',
  'credentials',
  'authorizationSessions',
  'installations',
  'mappings',
  'syncs',
  'records',
  'associations',
  'associationObjects',
  'schedules',
  'runs',
  'inbox',
  'outbox',
  'deadLetters',
  'leases',
  'keyRotations',
  'webhookEndpoints',
  'webhookDeliveries',
  'states',
  'usageCounters',
  'websocketConnections',
  'files',
  'audit',
  'auditHeads',
] as const;

/** The rows behind the repositories, as somebody who stole the database would see them. */
export class MemoryInspection {
  constructor(private readonly database: Database) {}

  /** Everything that is kept, as text. Secrets show as they are kept: encrypted only if there is an encryptor. */
  dump(): string {
    const all = tables.map((name) => [name, [...this.database[name].all()].map(shown)]);
    return JSON.stringify(Object.fromEntries(all), null, 1);
  }

  /** The kept value, or null when there is no such row. */
  read(cell: Cell): unknown {
    const row = this.#rows(cell).get(cell.rowId);
    return row?.[camelCase(cell.column)] ?? null;
  }

  /** Overwrites a value past every rule. */
  write(cell: Cell, value: unknown): void {
    const row = this.#rows(cell).get(cell.rowId);
    if (row) row[camelCase(cell.column)] = value;
  }

  #rows(cell: Cell): { get(key: string): Record<string, unknown> | undefined } {
    const name = camelCase(cell.table);
    const known = tables.find((table) => table === name);
    if (known === undefined || known === 'mappings' || known === 'records') {
      throw new RangeError(`There is no table '${cell.table}' with rows by id`);
    }
    return this.database[known] as unknown as {
      get(key: string): Record<string, unknown> | undefined;
    };
  }
}

/** JSON has no numbers of 64 bits. */
function printable(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function shown(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Secret ? (value.reveal() as unknown) : printable(value),
    ]),
  );
}
