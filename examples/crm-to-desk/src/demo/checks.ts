/** One comparison of the summary. */
export interface Check {
  readonly what: string;
  readonly expected: number | string;
  readonly actual: number | string;
}

function text(value: number | string): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value;
}

/** Prints the comparisons as a table and answers whether all agree. */
export function printChecks(checks: readonly Check[]): boolean {
  const width = Math.max(...checks.map(({ what }) => what.length));
  console.log(`\n  ${'what'.padEnd(width)}  ${'expected'.padStart(12)}  ${'actual'.padStart(12)}`);
  for (const { what, expected, actual } of checks) {
    const mark = expected === actual ? '✓' : '✗';
    console.log(
      `${mark} ${what.padEnd(width)}  ${text(expected).padStart(12)}  ${text(actual).padStart(12)}`,
    );
  }
  return checks.every(({ expected, actual }) => expected === actual);
}
