import type { SecretValues } from './invocation.js';

/** Something to be made ready once: a function, or a handle with `prepare`. */
export type Preparable = (() => unknown) | { prepare(): unknown };

const NO_SECRETS: SecretValues = Object.freeze({});

/** What has to happen before the first invocation. */
export interface PreparationSteps {
  readonly secrets: (() => Promise<SecretValues>) | undefined;
  readonly useDatabase: Preparable | undefined;
}

/**
 * Runs the steps once, secrets first, the database after them. Invocations that arrive meanwhile wait for the same
 * attempt; after a failure the next invocation tries again.
 */
export class Preparation {
  readonly #steps: PreparationSteps;
  #attempt: Promise<void> | undefined;
  #secrets: SecretValues = NO_SECRETS;
  #done: boolean;

  constructor(steps: PreparationSteps) {
    this.#steps = steps;
    this.#done = steps.secrets === undefined && steps.useDatabase === undefined;
  }

  get done(): boolean {
    return this.#done;
  }

  get secrets(): SecretValues {
    return this.#secrets;
  }

  run(): Promise<void> {
    this.#attempt ??= this.#prepare().finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  async #prepare(): Promise<void> {
    const { secrets, useDatabase } = this.#steps;
    if (secrets !== undefined) this.#secrets = Object.freeze({ ...(await secrets()) });
    if (typeof useDatabase === 'function') await useDatabase();
    else await useDatabase?.prepare();
    this.#done = true;
  }
}
