import { AddError } from '../cli.errors.js';

/** What was not understood, where, and what a person can write there. */
export interface Unclear {
  /** `src/app.ts:7` */
  readonly place: string;
  readonly problem: string;
  readonly snippet: string;
}

/** The error for sources that are not built in a way that can be edited. */
export function byHand({ place, problem, snippet }: Unclear): AddError {
  const lines = snippet.split('\n').map((line) => `    ${line}`);
  return new AddError(
    'ADD_BY_HAND',
    `${place}: ${problem}. Nothing was written; add by hand:\n${lines.join('\n')}\n `,
  );
}
