import {
  MENDABLE,
  toPage,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterId,
  type DeadLetterRepository,
  type InstallationId,
  type Page,
  type PageQuery,
  type ParkedInstallation,
  type TenantId,
} from '@tenon/core';
import type { StoredDocument } from './document.js';
import { above, among, below, holding, type Filter } from './filter.js';
import { installationsOf } from './installations-of.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

const OLDEST_FIRST = { createdAt: 1, _id: 1 } as const;

const hasIds = (tenantId: TenantId, filter: DeadLetterFilter): boolean =>
  areIds(tenantId, filter.installationId, filter.runId, filter.jobId, filter.userId);

export class MongodbDeadLetterRepository implements DeadLetterRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'deadLetters');
  }

  async insert(deadLetter: DeadLetter): Promise<void> {
    await this.#rows.of(deadLetter.tenantId).insert(deadLetter);
  }

  async find(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null> {
    if (!areIds(tenantId, id)) return null;
    return (await this.#rows.of(tenantId).findOne({ id })) as DeadLetter | null;
  }

  async #where(tenantId: TenantId, filter: DeadLetterFilter): Promise<Filter> {
    const { runId, jobId, reasons } = filter;
    return {
      ...(await installationsOf(this.#session, tenantId, filter)),
      runId,
      ...(jobId !== undefined && { message: holding('id', [jobId]) }),
      reason: reasons && among(reasons),
    };
  }

  async list(
    tenantId: TenantId,
    filter: DeadLetterFilter,
    page: PageQuery,
  ): Promise<Page<DeadLetter>> {
    if (!hasIds(tenantId, filter)) return toPage<DeadLetter>([], page.limit);
    const { filter: where, ...order } = pageOf(await this.#where(tenantId, filter), page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows as unknown as DeadLetter[], page.limit);
  }

  async take(
    tenantId: TenantId,
    filter: DeadLetterFilter,
    limit: number,
  ): Promise<readonly DeadLetter[]> {
    if (!hasIds(tenantId, filter)) return [];
    const where = await this.#where(tenantId, filter);
    const rows = this.#rows.of(tenantId);
    const ids = await rows.findIds(where, { sort: OLDEST_FIRST, limit });
    // Each by itself, at once: only so does the server tell which ones this caller removed and not another one.
    const taken = await Promise.all(ids.map((id) => rows.take({ ...where, _id: id })));
    return taken.filter((row) => row !== null) as unknown as DeadLetter[];
  }

  async listParked(
    before: Date,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly ParkedInstallation[]> {
    if (!areIds(afterId)) return [];
    const filter = {
      reason: among(MENDABLE),
      createdAt: below(before),
      ...(afterId !== null && { installationId: above(afterId) }),
    };
    const parked = await this.#rows
      .acrossTenants()
      .aggregate<{ owners: StoredDocument[] }>(filter, [
        { $group: { _id: '$installationId' } },
        { $sort: { _id: 1 } },
        {
          $lookup: { from: 'installations', localField: '_id', foreignField: '_id', as: 'owners' },
        },
        { $match: { owners: { $ne: [] } } },
        { $limit: limit },
      ]);
    return parked
      .flatMap(({ owners }) => owners)
      .map(({ _id, tenantId }) => ({ tenantId, installationId: _id }) as ParkedInstallation);
  }

  async delete(tenantId: TenantId, id: DeadLetterId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    return (await this.#rows.of(tenantId).delete({ id })) > 0;
  }
}
