import { TenonError } from '@tenon/core';
import { keyPrefix, type DocumentCodec } from './document.js';
import { compileFilter, type DriverFilter, type Filter } from './filter.js';

/** `TENANT_FENCE`: a statement would reach over the border of its tenant. An error in the code, never of the input. */
export function fenceError(message: string): TenonError {
  return new TenonError({ code: 'TENANT_FENCE', category: 'internal', message });
}

/**
 * One tenant's part of a collection, or the whole of it. The tenant is added to each filter and stamped on each row; neither
 * filters nor changes can name it.
 */
export class Scope {
  readonly codec: DocumentCodec;
  readonly #tenantId: string | null;

  constructor(codec: DocumentCodec, tenantId: string | null) {
    this.codec = codec;
    this.#tenantId = tenantId;
  }

  get table(): string {
    return this.codec.entity.table;
  }

  readonly #filteredName = (field: string): string => {
    if (this.#tenantId !== null && field === this.codec.entity.tenant) {
      throw fenceError('A statement within a tenant must not name the tenant');
    }
    return this.codec.nameOf(field);
  };

  /** Name of a field in a change. @throws TenonError `TENANT_FENCE` for the key and the tenant. */
  readonly changedName = (field: string): string => {
    const name = this.codec.nameOf(field);
    if (name !== '_id' && name !== this.codec.entity.tenant) return name;
    throw fenceError('A change must not touch the key or the tenant');
  };

  /** The driver's filter, with the tenant written last. */
  filter(filter: Filter): DriverFilter {
    const { tenant } = this.codec.entity;
    const compiled = compileFilter(filter, this.#filteredName);
    if (this.#tenantId === null || tenant === null) return compiled;
    const name = this.codec.nameOf(tenant);
    return name in compiled
      ? { $and: [compiled, { [name]: this.#tenantId }] }
      : { ...compiled, [name]: this.#tenantId };
  }

  /**
   * Filter of a statement that may insert. By the `_id` alone, which begins with the tenant: only so does the server itself
   * repeat what two insertions at once got wrong.
   */
  keyed(id: string): DriverFilter {
    if (this.#tenantId === null) {
      if (this.codec.entity.tenant === null) return { _id: id };
      throw fenceError('Only statements within a tenant insert rows by their key');
    }
    if (id.startsWith(keyPrefix([this.#tenantId]))) return { _id: id };
    throw fenceError('The key is of another tenant');
  }

  /** What every row of the tenant holds. */
  get stamp(): Readonly<Record<string, string>> {
    const { tenant } = this.codec.entity;
    return this.#tenantId === null || tenant === null ? {} : { [tenant]: this.#tenantId };
  }

  /** @throws TenonError `TENANT_FENCE` for a row of another tenant. */
  check(row: object): void {
    for (const [field, value] of Object.entries(this.stamp)) {
      if ((row as Record<string, unknown>)[field] !== value) {
        throw fenceError('The row is of another tenant');
      }
    }
  }
}
