import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Row } from '../bench.js';
import { installOffline, packPublished, runToEnd } from '../created-project.js';
import { linesOfCode } from '../lines-of-code.js';

const MAX_SECONDS = 60;
const MAX_LINES = 60;

/** The connector and the integration as a developer writes them: they run in the app that is made. */
const written = fileURLToPath(new URL('../../src/first-integration/', import.meta.url));
const connector = 'connectors/crm.ts';
const integration = 'integrations/contacts.ts';

async function seconds(work: () => Promise<unknown> | string): Promise<number> {
  const since = performance.now();
  await work();
  return (performance.now() - since) / 1_000;
}

function requireGreen(output: string): string {
  if (!/(#|ℹ) pass [1-9]/.test(output)) throw new Error(`No test passed:\n${output}`);
  return output;
}

/** Puts what a developer writes in the place of the example, and its test. */
async function writeOwn(app: string): Promise<void> {
  for (const path of [connector, integration]) {
    await cp(join(written, path), join(app, 'src', path));
  }
  await cp(join(written, 'contacts.test.ts.txt'), join(app, 'test/contacts.test.ts'));
}

async function timeRows(home: string): Promise<readonly Row[]> {
  const packed = await packPublished(home);
  const app = join(home, 'my-app');
  const installS = await seconds(() => installOffline(home, packed));
  const createS = await seconds(() =>
    runToEnd('npx', ['--no-install', 'create-tenon', 'my-app', '--yes', '--no-install'], home),
  );
  const test = (): string => requireGreen(runToEnd('npm', ['test'], app));
  const testS = await seconds(test);
  await writeOwn(app);
  runToEnd('npm', ['run', 'typecheck'], app);
  const ownS = await seconds(test);
  const row = (figure: string, ours: number): Row => ({ figure, unit: 's', ours });
  return [
    {
      ...row(
        'from npm create to the first green test, packages unpacked',
        installS + createS + testS,
      ),
      bar: { of: 'ours', max: MAX_SECONDS },
    },
    row('of it: unpacking packages', installS),
    row('of it: making the app', createS),
    row('of it: its integration test', testS),
    row('integration test of backfill and webhook', ownS),
  ];
}

async function lineRows(): Promise<readonly Row[]> {
  const count = async (path: string) => linesOfCode(await readFile(join(written, path), 'utf8'));
  const ofConnector = await count(connector);
  const ofIntegration = await count(integration);
  const row = (figure: string, ours: number): Row => ({ figure, unit: 'lines', ours });
  return [
    {
      ...row('connector + integration with backfill and webhook', ofConnector + ofIntegration),
      bar: { of: 'ours', max: MAX_LINES },
    },
    row('of it: connector', ofConnector),
    row('of it: integration', ofIntegration),
  ];
}

/** What a newcomer waits for, and writes. */
export const bench: Bench = {
  name: 'create-to-green',
  title: 'from an empty folder to the first green integration test',
  bar: `≤ ${MAX_SECONDS} s, ≤ ${MAX_LINES} lines`,
  async run() {
    const home = await mkdtemp(join(tmpdir(), 'tenon-create-to-green-'));
    try {
      return [...(await timeRows(home)), ...(await lineRows())];
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};
