import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Run, RunId } from './run.js';
import { visibleRun } from './visible-run.js';

/** Answers one run. Throws `RUN_NOT_FOUND`. */
export class GetRun {
  constructor(
    private readonly parts: { readonly persistence: Pick<Repositories, 'runs' | 'installations'> },
  ) {}

  async execute(context: Context, input: { readonly runId: RunId }): Promise<Run> {
    requireScope(context, 'runs:read');
    return visibleRun(this.parts.persistence, context, input.runId);
  }
}
