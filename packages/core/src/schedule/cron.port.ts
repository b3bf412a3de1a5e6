/** Reads cron expressions (five fields, or six with seconds first). */
export interface Cron {
  /**
   * The first moment after `after` that the expression names in the time zone (IANA name).
   * @throws MisconfiguredError for an expression or time zone that is none.
   */
  nextAfter(expression: string, timeZone: string, after: Date): Date | null;
}
