import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { chainAfter, silentLogger, systemContext, VerifyAudit } from '@tenon/core';
import type { AuditHead, AuditVerification, TenantId } from '@tenon/core';
import { anAuditEntry, aTenant, testCrypto, testEncryptor } from '@tenon/testing';
import { fencedDatabase, reopenWith, sql, testPersistence } from './postgres.fixture.js';
import type { PostgresqlPersistence } from './postgresql-persistence.js';

jest.setTimeout(60_000);

/** A tenant with a trail of six entries. */
async function filled(persistence: PostgresqlPersistence): Promise<TenantId> {
  const tenant = aTenant();
  await persistence.tenants.insert(tenant);
  const rows = Array.from({ length: 6 }, (_, index) =>
    anAuditEntry({ tenantId: tenant.id, details: { index } }),
  );
  const entries = chainAfter(testCrypto, null, rows);
  expect(await persistence.audit.append(tenant.id, null, entries)).toBe(6);
  return tenant.id;
}

function verify(
  persistence: PostgresqlPersistence,
  tenantId: TenantId,
  anchor?: AuditHead,
): Promise<AuditVerification> {
  const context = systemContext({ requestId: 'r', tenantId, logger: silentLogger });
  return new VerifyAudit({ persistence, crypto: testCrypto }).execute(context, { anchor });
}

/** Statements of one session, in one transaction. */
async function session(
  url: string,
  ...statements: readonly (readonly [string, ...unknown[]])[]
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const [text, ...values] of statements) await client.query(text, values);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

const refused = { code: '23001', constraint: 'audit_trail' };

describe('the audit trail in PostgreSQL', () => {
  let persistence: PostgresqlPersistence;
  let url: string;

  beforeAll(async () => {
    ({ persistence, url } = await testPersistence());
  });
  afterAll(() => persistence.close());

  it.each([
    ["UPDATE audit SET action = 'x' WHERE tenant_id = $1"],
    ['DELETE FROM audit WHERE tenant_id = $1 AND sequence = 6'],
    ['DELETE FROM audit WHERE tenant_id = $1'],
    ['DELETE FROM audit_heads WHERE tenant_id = $1'],
    ['UPDATE audit_heads SET sequence = 5 WHERE tenant_id = $1'],
    ["UPDATE audit_heads SET hash = 'x' WHERE tenant_id = $1"],
    ['UPDATE audit_heads SET tenant_id = gen_random_uuid() WHERE tenant_id = $1'],
    ['UPDATE tenants SET id = gen_random_uuid() WHERE id = $1'],
  ])('is kept from its owner too: %s', async (statement) => {
    const tenantId = await filled(persistence);
    await expect(sql(url, statement, [tenantId])).rejects.toMatchObject(refused);
    expect(await verify(persistence, tenantId)).toMatchObject({ ok: true, checked: 6 });
  });

  it('is not emptied: TRUNCATE is refused of entries and ends', async () => {
    for (const table of ['audit', 'audit_heads', 'audit, audit_heads']) {
      await expect(sql(url, `TRUNCATE ${table}`)).rejects.toMatchObject(refused);
    }
  });

  it('goes with a tenant that is marked as deleting, which no statement takes back', async () => {
    const tenantId = await filled(persistence);
    await sql(url, "UPDATE tenants SET status = 'deleting' WHERE id = $1", [tenantId]);
    for (const status of ['active', 'suspended']) {
      const back = sql(url, 'UPDATE tenants SET status = $2 WHERE id = $1', [tenantId, status]);
      await expect(back).rejects.toMatchObject(refused);
    }
    const head = 'DELETE FROM audit_heads WHERE tenant_id = $1';
    await sql(url, 'DELETE FROM audit WHERE tenant_id = $1 AND sequence > 4', [tenantId]);
    await expect(sql(url, head, [tenantId])).rejects.toMatchObject(refused);
    const { broken } = await verify(persistence, tenantId);
    expect(broken).toEqual({ sequence: 5, reason: 'missing' });
    await sql(url, 'DELETE FROM audit WHERE tenant_id = $1', [tenantId]);
    await sql(url, head, [tenantId]);
    await sql(url, 'DELETE FROM tenants WHERE id = $1', [tenantId]);
  });

  it('is not shortened by a tenant that is away for a moment', async () => {
    const tenantId = await filled(persistence);
    const [row] = await sql<Record<string, unknown>>(url, 'SELECT * FROM tenants WHERE id = $1', [
      tenantId,
    ]);
    const values = Object.values(row ?? {});
    const places = values.map((_, index) => `$${index + 1}`).join(', ');
    const steps = session(
      url,
      ['DELETE FROM tenants WHERE id = $1', tenantId],
      ['DELETE FROM audit WHERE tenant_id = $1 AND sequence = 6', tenantId],
      [`INSERT INTO tenants (${Object.keys(row ?? {}).join(', ')}) VALUES (${places})`, ...values],
    );
    await expect(steps).rejects.toMatchObject(refused);
    expect(await verify(persistence, tenantId)).toMatchObject({ ok: true, checked: 6 });
  });

  it('is not deceived by a table of the session that is named like that of the tenants', async () => {
    const tenantId = await filled(persistence);
    const steps = session(
      url,
      ['CREATE TEMPORARY TABLE tenants (id uuid, status text)'],
      ['SET LOCAL search_path = pg_temp, public'],
      ['DELETE FROM audit WHERE tenant_id = $1', tenantId],
    );
    await expect(steps).rejects.toMatchObject(refused);
  });

  describe('with triggers switched off by its owner', () => {
    async function forced(...statements: readonly (readonly [string, ...unknown[]])[]) {
      const tables = ['audit', 'audit_heads'];
      const all = (word: string) =>
        tables.map((table) => [`ALTER TABLE ${table} ${word} TRIGGER USER`] as const);
      await session(url, ...all('DISABLE'), ...statements, ...all('ENABLE'));
    }
    const CUT = 'DELETE FROM audit WHERE tenant_id = $1 AND sequence > 4';

    it.each([
      [
        'a changed entry',
        { sequence: 3, reason: 'changed' },
        [`UPDATE audit SET details = '{"index":9}' WHERE tenant_id = $1 AND sequence = 3`],
      ],
      [
        'a removed entry',
        { sequence: 4, reason: 'missing' },
        ['DELETE FROM audit WHERE tenant_id = $1 AND sequence = 4'],
      ],
      [
        'two entries in the places of each other',
        { sequence: 2, reason: 'changed' },
        [
          'UPDATE audit SET sequence = -2 WHERE tenant_id = $1 AND sequence = 2',
          'UPDATE audit SET sequence = 2 WHERE tenant_id = $1 AND sequence = 4',
          'UPDATE audit SET sequence = 4 WHERE tenant_id = $1 AND sequence = -2',
        ],
      ],
      ['a tail that was cut off', { sequence: 5, reason: 'missing' }, [CUT]],
      [
        'a trail that was emptied',
        { sequence: 1, reason: 'missing' },
        ['DELETE FROM audit WHERE tenant_id = $1'],
      ],
    ] as const)('verification finds %s', async (_, broken, statements) => {
      const tenantId = await filled(persistence);
      await forced(...statements.map((text) => [text, tenantId] as const));
      expect(await verify(persistence, tenantId)).toMatchObject({ ok: false, broken });
    });

    it.each([
      [
        'cut with its end moved back',
        5,
        [
          CUT,
          `UPDATE audit_heads AS h SET sequence = 4, hash = a.hash FROM audit AS a
           WHERE h.tenant_id = $1 AND a.tenant_id = $1 AND a.sequence = 4`,
        ],
      ],
      [
        'emptied with its end',
        1,
        ['DELETE FROM audit WHERE tenant_id = $1', 'DELETE FROM audit_heads WHERE tenant_id = $1'],
      ],
    ] as const)('only an anchor finds a trail %s', async (_, sequence, statements) => {
      const tenantId = await filled(persistence);
      const { head } = await verify(persistence, tenantId);
      await forced(...statements.map((text) => [text, tenantId] as const));
      expect(await verify(persistence, tenantId)).toMatchObject({ ok: true });
      const { broken } = await verify(persistence, tenantId, head ?? undefined);
      expect(broken).toEqual({ sequence, reason: 'missing' });
    });
  });
});

describe('the audit trail behind row-level security', () => {
  let persistence: PostgresqlPersistence;
  let url: string;

  beforeAll(async () => {
    ({ url } = await fencedDatabase());
    persistence = reopenWith(url, testEncryptor(), { rowLevelSecurity: true });
    await persistence.prepare();
  });
  afterAll(() => persistence.close());

  const scope = (name: string, value: string) =>
    [`SELECT set_config($1, $2, false)`, name, value] as const;

  it('is kept from the role of the app, whatever it sets and sees', async () => {
    const tenantId = await filled(persistence);
    const one = 'DELETE FROM audit WHERE tenant_id = $1 AND sequence = 6';
    const seen = scope('tenon.tenant_id', tenantId);
    for (const attempt of [
      [seen, scope('tenon.deleted_tenant', tenantId), [one, tenantId]],
      [scope('tenon.system', 'on'), [one, tenantId]],
      // The policy is computed once, and the setting changes behind it, so that the tenant is not seen any more.
      [
        seen,
        [
          `${one} AND set_config('tenon.tenant_id', left(id::text, 0), false) IS NOT NULL`,
          tenantId,
        ],
      ],
      [seen, ['UPDATE audit_heads SET sequence = 5 WHERE tenant_id = $1', tenantId]],
    ] as const) {
      await expect(session(url, ...attempt)).rejects.toMatchObject(refused);
    }
    for (const statement of ['ALTER TABLE audit DISABLE TRIGGER USER', 'TRUNCATE audit']) {
      await expect(sql(url, statement)).rejects.toMatchObject({ code: '42501' });
    }
    expect(await verify(persistence, tenantId)).toMatchObject({ ok: true, checked: 6 });
  });

  it('leaves the scope of a session as it was', async () => {
    const tenantId = await filled(persistence);
    const tenant = await persistence.tenants.find(tenantId);
    await persistence.tenants.update({ ...tenant!, status: 'deleting' });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('SELECT set_config($1, $2, false)', ['tenon.tenant_id', tenantId]);
      await client.query('BEGIN');
      const { rowCount } = await client.query('DELETE FROM audit');
      expect(rowCount).toBe(6);
      const { rows } = await client.query<{ scope: string | null }>(
        "SELECT nullif(current_setting('tenon.system', true), '') AS scope",
      );
      expect(rows).toEqual([{ scope: null }]);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
  });
});
