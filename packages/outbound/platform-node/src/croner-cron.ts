import { MisconfiguredError } from '@tenon/core';
import type { Cron } from '@tenon/core';
import { Cron as Croner } from 'croner';

/** Expressions come from definitions and are few; the bound is for those that do not. */
const MAX_PARSED = 500;

/** Cron expressions of `croner`. Day of month and day of week, when both are given, are alternatives. */
export class CronerCron implements Cron {
  readonly #parsed = new Map<string, Croner>();

  nextAfter(expression: string, timeZone: string, after: Date): Date | null {
    return this.#parse(expression, timeZone).nextRun(after);
  }

  #parse(expression: string, timeZone: string): Croner {
    const key = `${timeZone} ${expression}`;
    let parsed = this.#parsed.get(key);
    if (!parsed) {
      parsed = parse(expression, timeZone);
      if (this.#parsed.size >= MAX_PARSED) this.#parsed.clear();
      this.#parsed.set(key, parsed);
    }
    return parsed;
  }
}

function parse(expression: string, timeZone: string): Croner {
  const fields = expression.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6) {
    throw new MisconfiguredError(
      `The cron expression '${expression}' has ${fields} fields; use five, or six with seconds first`,
      { expression },
    );
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new MisconfiguredError(
      `The time zone '${timeZone}' is not known; use an IANA name such as 'Europe/Berlin'`,
      { timeZone },
    );
  }
  try {
    return new Croner(expression, { timezone: timeZone, paused: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not understood';
    throw new MisconfiguredError(`The cron expression '${expression}' is not valid: ${reason}`, {
      expression,
    });
  }
}
