import { parseArgs } from 'node:util';
import { nearestName } from '@tenon/core';

/** What the demo was asked to do. */
export interface DemoOptions {
  readonly records: number;
  /** Stay up afterwards. */
  readonly serve: boolean;
  /** Contacts per page, 1 to 1000; null chooses by the number of records. */
  readonly pageSize: number | null;
  /** Stop after the first backfill. */
  readonly backfillOnly: boolean;
  /** File for the figures of the first backfill, as JSON. */
  readonly report: string | null;
  readonly help: boolean;
}

export const HELP = `npm run demo -- [options]

  --records N       contacts of the CRM, 100 to 2,000,000; 100,000 by default
  --serve           stay up afterwards, until Ctrl+C
  --page-size N     contacts per page, 1 to 1000; by default about fifty pages
  --backfill-only   stop after the first backfill
  --report FILE     write the figures of the first backfill as JSON
  --help            this text`;

/** A wrong command line; the message says what is right. */
export class UsageError extends Error {}

const known = ['records', 'serve', 'page-size', 'backfill-only', 'report', 'help'];

function wholeNumber(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text.replace(/[_,]/g, ''));
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = `${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
  throw new UsageError(`--${name} must be a whole number from ${range}\n\n${HELP}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        records: { type: 'string' },
        serve: { type: 'boolean' },
        'page-size': { type: 'string' },
        'backfill-only': { type: 'boolean' },
        report: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : 'Wrong options'}\n\n${HELP}`);
  }
}

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
  const values = parse(args);
  const pageSize = values['page-size'];
  return {
    records: wholeNumber('records', values.records ?? '100000', [100, 2_000_000]),
    pageSize: pageSize === undefined ? null : wholeNumber('page-size', pageSize, [1, 1000]),
    serve: values.serve ?? false,
    backfillOnly: values['backfill-only'] ?? false,
    report: values.report ?? null,
    help: values.help ?? false,
  };
}
