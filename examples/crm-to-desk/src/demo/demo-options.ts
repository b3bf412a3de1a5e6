import { parseArgs } from 'node:util';
import { nearestName } from '@tenon/core';

/** What the demo was asked to do. */
export interface DemoOptions {
  readonly records: number;
  /** Stay up afterwards. */
  readonly serve: boolean;
  /** Stop after the first backfill. */
  readonly backfillOnly: boolean;
  /** File for the figures of the first backfill, as JSON. */
  readonly report: string | null;
  readonly help: boolean;
}

export const HELP = `npm run demo -- [options]

  --records N       contacts of the CRM, 100 to 2,000,000; 100,000 by default
  --serve           stay up afterwards, until Ctrl+C
  --backfill-only   stop after the first backfill
  --report FILE     write the figures of the first backfill as JSON
  --help            this text`;

/** A wrong command line; the message says what is right. */
export class UsageError extends Error {}

const known = ['records', 'serve', 'backfill-only', 'report', 'help'];

/** @throws UsageError for an unknown or wrong option. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  for (const arg of args.filter((each) => each.startsWith('-'))) {
    const name = arg.replace(/^-+/, '').split('=')[0] ?? '';
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new UsageError(
      `Unknown option '${arg}'${nearest ? `; did you mean --${nearest}?` : ''}\n\n${HELP}`,
    );
  }
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string' },
      serve: { type: 'boolean' },
      'backfill-only': { type: 'boolean' },
      report: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const records = Number((values.records ?? '100000').replace(/[_,]/g, ''));
  if (!Number.isInteger(records) || records < 100 || records > 2_000_000) {
    throw new UsageError(`--records must be a whole number from 100 to 2,000,000\n\n${HELP}`);
  }
  return {
    records,
    serve: values.serve ?? false,
    backfillOnly: values['backfill-only'] ?? false,
    report: values.report ?? null,
    help: values.help ?? false,
  };
}
