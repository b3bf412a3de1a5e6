import { testApi } from './test-api.js';
import type { TestApi } from './test-api.js';

/** Why a test of a contract is left out, by the test's name. */
export type Skips = Readonly<Record<string, string>>;

/** What a part of a contract needs to state its tests about a `Subject`. */
export interface Suite<Subject> extends Pick<TestApi, 'expect' | 'describe'> {
  it(name: string, work: (subject: Subject) => Promise<void>): void;
}

/** A subject and how to end it. */
export interface Made {
  close(): Promise<void>;
}

/** States a contract as one `describe` block about one subject, which is made once. */
export function describeContract<Subject extends Made>(
  title: string,
  options: {
    readonly make: () => Promise<Subject>;
    readonly skip?: Skips | undefined;
    readonly gaps?: Skips | undefined;
  },
  parts: readonly ((suite: Suite<Subject>) => void)[],
): void {
  const { describe, it, expect, beforeAll, afterAll } = testApi();
  const skips = new Map(Object.entries(options.skip ?? {}));
  const gaps = new Map(Object.entries(options.gaps ?? {}));
  describe(title, () => {
    let subject: Subject | undefined;
    beforeAll(async () => {
      subject = await options.make();
    });
    afterAll(async () => {
      await subject?.close();
    });
    const suite: Suite<Subject> = {
      expect,
      describe,
      it(name, work) {
        const reason = skips.get(name);
        const gap = gaps.get(name);
        skips.delete(name);
        gaps.delete(name);
        const run = (): Promise<void> => {
          if (!subject) throw new Error('The subject could not be made');
          return work(subject);
        };
        if (reason !== undefined) it.skip(`${name} (${reason})`, () => undefined);
        else if (gap !== undefined) it.failing(`${name} (known gap: ${gap})`, run);
        else it(name, run);
      },
    };
    for (const part of parts) part(suite);
    const unknown = [...skips.keys(), ...gaps.keys()];
    it('skips and knows gaps of only tests that exist', () => {
      expect(unknown).toEqual([]);
    });
  });
}
