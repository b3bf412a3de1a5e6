import {
  MAX_INSTALLATION_MESSAGES,
  toPage,
  VersionConflictError,
  type Installation,
  type InstallationFilter,
  type InstallationId,
  type InstallationMessage,
  type InstallationRepository,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { Installation as InstallationModel, Prisma } from './generated/client.js';
import { deleteOwnedRows } from './installation-deletion.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

type InstallationRow = Omit<InstallationModel, 'connectionIds'>;
type StoredMessage = Omit<InstallationMessage, 'at'> & { readonly at: string };

const ROW = columns<InstallationRow>('installations', [
  'id',
  'tenantId',
  'userId',
  'integration',
  'integrationVersion',
  'name',
  'status',
  'config',
  'connections',
  'connectionsKey',
  'messages',
  'createdAt',
  'updatedAt',
  'version',
]);

const FIND = prepared(
  'installations.find',
  `SELECT ${ROW.list} FROM installations WHERE id = $1 AND tenant_id = $2`,
);

/** As the core's `withMessage`, but where the row is locked: no message is lost, however many workers report. */
const ADD_MESSAGE = prepared(
  'installations.add_message',
  `UPDATE installations AS i SET version = version + 1, updated_at = $5, messages = (
     SELECT jsonb_agg(kept.message ORDER BY kept.position) FROM (
       SELECT 0 AS position, $3::jsonb || jsonb_build_object('count', 1 + coalesce((
         SELECT (same ->> 'count')::int FROM jsonb_array_elements(i.messages) AS same
         WHERE same ->> 'code' = $4::text LIMIT 1), 0)) AS message
       UNION ALL
       SELECT position, message FROM jsonb_array_elements(i.messages) WITH ORDINALITY AS old (message, position)
       WHERE message ->> 'code' <> $4::text
       ORDER BY position LIMIT ${MAX_INSTALLATION_MESSAGES}
     ) AS kept)
   WHERE i.id = $1 AND i.tenant_id = $2`,
);

const LIST_ENABLED = prepared(
  'installations.list_enabled',
  `SELECT ${ROW.list} FROM installations
   WHERE integration = $1 AND status = 'enabled' AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
);

const LIST_DELETING = prepared(
  'installations.list_deleting',
  `SELECT ${ROW.list} FROM installations
   WHERE status = 'deleting' AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
);

function toInstallation(row: InstallationRow & { readonly connectionIds?: unknown }): Installation {
  const { connectionIds: _connectionIds, ...rest } = row;
  const messages = (row.messages as unknown as StoredMessage[]).map((message) => ({
    ...message,
    at: new Date(message.at),
  }));
  return { ...rest, messages } as unknown as Installation;
}

function toRow(installation: Installation): Prisma.InstallationCreateManyInput {
  return {
    ...installation,
    config: installation.config,
    connections: installation.connections,
    connectionIds: [...new Set(Object.values(installation.connections))],
    messages: installation.messages.map((message) => ({
      ...message,
      at: message.at.toISOString(),
    })),
  };
}

export class PostgresqlInstallationRepository implements InstallationRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(installation: Installation): Promise<void> {
    await this.#session.prisma((prisma) =>
      prisma.installation.createMany({ data: toRow(installation) }),
    );
  }

  async find(tenantId: TenantId, id: InstallationId): Promise<Installation | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.row<InstallationRow>(FIND, [id, tenantId]);
    return row && toInstallation(row);
  }

  async update(installation: Installation): Promise<Installation> {
    const { id, tenantId, version } = installation;
    if (!areIds(tenantId, id)) throw new VersionConflictError('installation', id);
    const next = { ...installation, version: version + 1 };
    const { id: _id, tenantId: _tenantId, createdAt: _createdAt, ...data } = toRow(next);
    const { count } = await this.#session.prisma((prisma) =>
      prisma.installation.updateMany({ where: { id, tenantId, version }, data }),
    );
    if (count === 0) throw new VersionConflictError('installation', id);
    return next;
  }

  async addMessage(
    tenantId: TenantId,
    id: InstallationId,
    message: Omit<InstallationMessage, 'count'>,
  ): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    const values = [id, tenantId, JSON.stringify(message), message.code, message.at];
    return (await this.#session.run(ADD_MESSAGE, values)) > 0;
  }

  async list(
    tenantId: TenantId,
    filter: InstallationFilter,
    page: PageQuery,
  ): Promise<Page<Installation>> {
    const { userId, integration, status, connectionId } = filter;
    if (!areIds(tenantId, userId, connectionId)) return toPage<Installation>([], page.limit);
    const conditions = new Conditions()
      .equal('installations.tenant_id', tenantId)
      .equal('installations.user_id', userId)
      .equal('installations.integration', integration)
      .equal('installations.status', status);
    if (connectionId !== undefined) {
      conditions.add(
        `installations.connection_ids @> ARRAY[${conditions.place(connectionId)}::uuid]`,
      );
    }
    const end = pageClause(conditions, 'installations', page);
    const text = `SELECT ${ROW.list} FROM installations ${end}`;
    const rows = await this.#session.rows<InstallationRow>({ text }, conditions.values);
    return toPage(rows.map(toInstallation), page.limit);
  }

  async listEnabled(
    integration: string,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]> {
    if (!areIds(afterId)) return [];
    const values = [integration, afterId, limit];
    return (await this.#session.rows<InstallationRow>(LIST_ENABLED, values)).map(toInstallation);
  }

  async listDeleting(
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly Installation[]> {
    if (!areIds(afterId)) return [];
    return (await this.#session.rows<InstallationRow>(LIST_DELETING, [afterId, limit])).map(
      toInstallation,
    );
  }

  async deleteBatch(tenantId: TenantId, id: InstallationId, limit: number): Promise<boolean> {
    return areIds(tenantId, id) ? deleteOwnedRows(this.#session, { tenantId, id }, limit) : true;
  }
}
