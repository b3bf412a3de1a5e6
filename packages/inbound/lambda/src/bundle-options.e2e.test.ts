import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lambdaBundleOptions } from './bundle-options.js';

const here = dirname(fileURLToPath(import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-options-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Bundles a program as if it stood beside this file; answers what it prints and which files went in. */
async function bundled(name: string, contents: string, slim?: boolean) {
  const outdir = join(folder, name);
  const { entryPoints: _none, ...options } = lambdaBundleOptions({
    entryPoints: {},
    outdir,
    ...(slim !== undefined && { slim }),
  });
  const stdin = { contents, resolveDir: here, loader: 'js' as const };
  const { metafile } = await build({ ...options, stdin, metafile: true, logLevel: 'error' });
  await writeFile(join(outdir, 'package.json'), '{}');
  const { stdout } = await promisify(execFile)(process.execPath, [join(outdir, 'stdin.mjs')]);
  return { printed: JSON.parse(stdout) as unknown, inputs: Object.keys(metafile.inputs), outdir };
}

describe('lambdaBundleOptions', () => {
  it('keeps what packages do that are loaded by their first call', async () => {
    const { printed, inputs } = await bundled(
      'qs',
      `import qs from 'qs';
       console.log(JSON.stringify([qs.parse('a[b]=1&a[c]=2'), qs.stringify({ a: { b: [1, 2] } }, { encode: false })]));`,
    );
    expect(printed).toEqual([{ a: { b: '1', c: '2' } }, 'a[b][0]=1&a[b][1]=2']);
    expect(inputs).toContainEqual(expect.stringMatching(/node_modules\/qs\/lib\/index\.js$/));
  });

  it('reads of modules of Node what is used, however it is imported', async () => {
    const { printed, outdir } = await bundled(
      'builtins',
      `import { createHash } from 'node:crypto';
       import fs, { read, promises } from 'fs';
       import { stat } from 'node:fs/promises';
       import * as path from 'node:path';
       import * as events from 'node:events';
       const same = [read === fs.read, promises.stat === stat, typeof path['posix'].join, typeof { ...events }.once];
       console.log(JSON.stringify([createHash('sha256').update('a').digest('hex').slice(0, 8), path.join('a', 'b'), ...same]));`,
    );
    expect(printed).toEqual(['ca978112', 'a/b', true, true, 'function', 'function']);
    const text = await readFile(join(outdir, 'stdin.mjs'), 'utf8');
    expect(text).not.toMatch(/from ?"(node:)?[a-z]/);
    expect(text).not.toContain('webcrypto');
  });

  it.each([
    [true, 1],
    [false, 2],
  ])(
    'with slim: %j holds %d of the parsers of undici, and it reads answers',
    async (slim, count) => {
      const { printed, inputs } = await bundled(
        `undici-${String(slim)}`,
        `import { request } from 'undici';
       import { createServer } from 'node:http';
       const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1', async () => {
         const { statusCode, body } = await request('http://127.0.0.1:' + server.address().port);
         console.log(JSON.stringify([statusCode, await body.text()]));
         process.exit(0);
       });`,
        slim,
      );
      expect(printed).toEqual([200, 'hello']);
      expect(inputs.filter((input) => /llhttp(_simd)?-wasm\.js$/.test(input))).toHaveLength(count);
    },
  );

  it('leaves servers and trials out of an app, and says so to who asks for them', async () => {
    const { printed, inputs } = await bundled(
      'app',
      `import { startService } from '@tenon/app';
       console.log(JSON.stringify(await startService({}).catch(({ code, message }) => [code, message])));
       process.exit(0);`,
    );
    expect(printed).toEqual(['MISCONFIGURED', expect.stringContaining('slim: false')]);
    const left =
      /node_modules\/ws\/|\/(websocket-ws|persistence-memory)\/|app\/dist\/open-trial\.js$/;
    expect(inputs.filter((input) => left.test(input))).toEqual([]);
  });

  it.each([
    [
      'dynamically, without pino',
      "const { createPinoLogger } = await import('@tenon/logger-pino');",
      0,
    ],
    ['at the start, with pino', "import { createPinoLogger } from '@tenon/logger-pino';", 1],
  ])('writes lines of a logger that is loaded %s', async (_how, imported, pinos) => {
    const { printed, inputs } = await bundled(
      `logger-${pinos}`,
      `${imported}
       const lines = [];
       createPinoLogger({ level: 'info', destination: { write: (line) => lines.push(JSON.parse(line)) } }).info('hello', { a: 1 });
       console.log(JSON.stringify(lines.map(({ level, message, a }) => [level, message, a])));`,
    );
    expect(printed).toEqual([['info', 'hello', 1]]);
    expect(inputs.filter((input) => input.endsWith('node_modules/pino/pino.js'))).toHaveLength(
      pinos,
    );
  });
});
