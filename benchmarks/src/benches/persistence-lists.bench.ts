import { ListInstallations } from '@tenon/core';
import { aConnection, anInstallation, testContext } from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { comparedRow } from '../compared-row.js';
import { interleave } from '../interleave.js';
import { startPostgresFixture, type PostgresFixture } from './postgres-fixture.js';
import { toldStatements } from './told-statements.js';

const COUNT = 100;

/** A row for each connection of each installation: installations come as often as they have connections. */
const JOIN = `SELECT i.*, c.* FROM (
    SELECT * FROM installations WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2) AS i
  LEFT JOIN connections AS c ON c.id = ANY (i.connection_ids) AND c.tenant_id = i.tenant_id
  ORDER BY i.created_at DESC, i.id DESC`;

async function fill({ persistence }: PostgresFixture) {
  const context = testContext({ visibility: 'tenant' });
  const owner = { tenantId: context.tenantId };
  for (let index = 0; index < COUNT + 20; index += 1) {
    const [crm, desk] = [aConnection(owner), aConnection(owner)];
    await persistence.connections.insert(crm);
    await persistence.connections.insert(desk);
    const connections = { crm: crm.id, desk: desk.id };
    await persistence.installations.insert(anInstallation({ ...owner, connections }));
  }
  return context;
}

export const bench: Bench = {
  name: 'persistence-lists',
  title: `a list of ${COUNT} installations with their two connections each, against one hand-written join`,
  bar: '≤ 2 statements; ≤ 1.5× the join',
  async run() {
    const fixture = await startPostgresFixture();
    try {
      const { persistence, pool } = fixture;
      const context = await fill(fixture);
      await pool.query('ANALYZE installations, connections');
      const list = new ListInstallations({ persistence });
      const input = { limit: COUNT, include: ['connections'] } as const;
      const ours = () => list.execute(context, input);
      const values = [context.tenantId, COUNT + 1];
      const raw = () => pool.query({ name: 'raw.join', text: JOIN, values });
      const statements = await toldStatements(fixture, ours);
      const t = await interleave({ ours, raw }, { iterations: 60 });
      const time = comparedRow(`${COUNT} installations with their connections`, t, {
        peer: 'pg, one join',
        max: 1.5,
      });
      const count: Row = {
        figure: `${COUNT} installations with their connections: statements`,
        unit: 'statements',
        ours: statements.length,
        bar: { of: 'ours', max: 2 },
      };
      return [time, count];
    } finally {
      await fixture.stop();
    }
  },
};
