/** What the process answers: 0 done, 1 failed, 2 called wrongly. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
