import { describe, expect, it } from '@jest/globals';

import { recordingIo } from '../recording-io.fixture.js';
import { styleOf } from '../text/style.js';
import { unifiedDiff } from './diff.js';

const plain = styleOf(recordingIo().stdout, {});

describe('a diff', () => {
  it('is one that git takes', async () => {
    const changes = [
      { path: 'src/a.ts', before: 'one\ntwo\n', after: 'one\n2\n' },
      { path: 'src/new.ts', before: null, after: 'one\n' },
    ];
    expect(await unifiedDiff(changes, { style: plain, whole: true })).toBe(
      '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n' +
        '--- /dev/null\n+++ b/src/new.ts\n@@ -0,0 +1,1 @@\n+one\n',
    );
  });

  it('shows people the beginning of what is long', async () => {
    const after = 'line\n'.repeat(1_000);
    const changes = [{ path: 'a.ts', before: null, after }];
    const lines = async (whole: boolean): Promise<string[]> =>
      (await unifiedDiff(changes, { style: plain, whole })).split('\n');
    expect(await lines(true)).toHaveLength(1_004);
    expect((await lines(false)).slice(-2)).toEqual(['… 984 more lines', '']);
  });
});
