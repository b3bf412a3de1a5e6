import type { RunHandle } from '../integration/integration-context.js';
import type { Effects } from '../job/effects.js';
import { addProgress } from '../job/effects.js';
import { ValidationError } from '../platform/common.errors.js';
import type { JsonObject, JsonValue } from '../platform/json.js';
import { toJsonObject, toJsonValue } from '../platform/to-json.js';
import { utf8Length } from '../platform/utf8.js';
import { checkpointTooLarge } from './run.errors.js';
import type { Run, RunId, RunProgress, RunProgressDelta } from './run.js';

/** The most JSON that a checkpoint or a result may have, in bytes. */
export const MAX_CHECKPOINT_BYTES = 64 * 1024;

const COUNTS = ['total', 'processed', 'succeeded', 'failed', 'skipped'] as const;

function bounded<T extends JsonValue>(what: string, value: T): T {
  const bytes = utf8Length(JSON.stringify(value));
  if (bytes > MAX_CHECKPOINT_BYTES) throw checkpointTooLarge(what, bytes, MAX_CHECKPOINT_BYTES);
  return value;
}

function checkedDelta(delta: RunProgressDelta): RunProgressDelta {
  const wrong = COUNTS.filter((name) => {
    const value = delta[name];
    return value !== undefined && !(Number.isInteger(value) && value >= 0);
  });
  if (wrong.length === 0) return delta;
  throw new ValidationError(
    "The run's progress",
    wrong.map((path) => ({ path, message: 'a whole number, 0 or more' })),
  );
}

/** The run of the job that is at work: what it changes is collected, and kept at `save()` or at the end of the job. */
export class BufferedRun implements RunHandle {
  #saved: Pick<Run, 'checkpoint' | 'progress'>;
  #checkpoint: JsonValue;
  #delta: RunProgressDelta = {};

  constructor(
    private readonly run: Run,
    private readonly effects: Effects,
    /** Commits what was collected; answers the run after it. */
    private readonly commit: () => Promise<Run>,
  ) {
    this.#saved = run;
    this.#checkpoint = run.checkpoint;
  }

  get id(): RunId {
    return this.run.id;
  }

  get parentId(): RunId | null {
    return this.run.parentId;
  }

  get checkpoint(): JsonValue {
    return this.#checkpoint;
  }

  get progress(): RunProgress {
    const { total, ...counts } = this.#saved.progress;
    return { total, ...counts, ...addProgress(counts, this.#delta) };
  }

  addProgress(delta: RunProgressDelta): void {
    this.effects.assertOpen('run.addProgress');
    const checked = checkedDelta(delta);
    this.effects.addProgress(checked);
    this.#delta = addProgress(this.#delta, checked);
  }

  setCheckpoint(value: JsonValue): void {
    this.effects.assertOpen('run.setCheckpoint');
    const checkpoint = bounded('checkpoint', toJsonValue(value, "The run's checkpoint"));
    this.effects.changeRun({ checkpoint });
    this.#checkpoint = checkpoint;
  }

  setResult(result: JsonObject): void {
    this.effects.assertOpen('run.setResult');
    this.effects.changeRun({
      result: bounded('result', toJsonObject(result, "The run's result")),
    });
  }

  async save(): Promise<void> {
    this.effects.assertOpen('run.save');
    this.#delta = {};
    this.#saved = await this.commit();
  }
}
