import type { PostgresFixture } from './postgres-fixture.js';

/** A statement as the driver got it. */
export interface ToldStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Query = string | { readonly text: string; readonly values?: readonly unknown[] };

/** What `work` sends through the pool, in order. */
export async function toldStatements(
  { pool }: Pick<PostgresFixture, 'pool'>,
  work: () => Promise<unknown>,
): Promise<readonly ToldStatement[]> {
  const told: ToldStatement[] = [];
  const restore: (() => void)[] = [];
  const seen = new WeakSet();
  const listen = (client: object): void => {
    if (seen.has(client)) return;
    seen.add(client);
    const target = client as { query: (...args: unknown[]) => unknown };
    const { query } = target;
    target.query = (...args) => {
      const [first, values] = args as [Query, unknown];
      const text = typeof first === 'string' ? first : first.text;
      const own = typeof first === 'string' ? values : first.values;
      told.push({ text, values: Array.isArray(own) ? (own as unknown[]) : [] });
      return query.apply(client, args);
    };
    restore.push(() => (target.query = query));
  };
  pool.on('acquire', listen);
  try {
    await work();
  } finally {
    pool.off('acquire', listen);
    for (const undo of restore) undo();
  }
  return told;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): string[] {
  const index = node['Index Name'];
  const own = index === undefined ? node['Node Type'] : `${node['Node Type']} on ${index}`;
  return [own, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The nodes of a statement's plan, the outermost first. */
export async function planOf(
  { pool }: Pick<PostgresFixture, 'pool'>,
  { text, values }: ToldStatement,
): Promise<string> {
  const { rows } = await pool.query<{ readonly 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    [...values],
  );
  const [plan] = rows[0]?.['QUERY PLAN'] ?? [];
  return plan ? nodesOf(plan.Plan).join(' > ') : 'no plan';
}
