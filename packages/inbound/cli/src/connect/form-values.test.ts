import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import type { Io } from '../io.js';
import { recordingIo } from '../recording-io.fixture.js';
import { formValues } from './form-values.js';

const fields = {
  domain: { label: 'Domain', secret: false },
  apiKey: { label: 'API key' },
  note: { label: 'Note', required: false },
};
const nothing = { values: [], files: [] };

async function* input(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A terminal whose person types an answer to each question; `seen` is what stood there. */
function personWho(answers: readonly (readonly [question: string, ...keys: string[]])[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const left = [...answers];
  const seen = { text: '' };
  output.setEncoding('utf8').on('data', (text: string) => {
    seen.text += text;
    if (!seen.text.includes(left[0]?.[0] ?? '\0')) return;
    const [, ...keys] = left.shift() ?? [''];
    // The prompt listens when it has been drawn.
    for (const key of keys) setImmediate(() => input.write(key));
  });
  return { terminal: { input, output }, seen };
}

describe('the fields of a form', () => {
  it('come from arguments, files and standard input', async () => {
    const io: Io = { ...recordingIo(), stdin: input('canary-key\r\n') };
    const given = { values: ['domain=a=b'], files: ['apiKey=-'] };
    expect(await formValues(io, fields, given)).toEqual({ domain: 'a=b', apiKey: 'canary-key' });
  });

  it('are asked for, and secrets are not shown', async () => {
    const { terminal, seen } = personWho([
      ['Domain', 'acme', '\r'],
      ['API key', 'canary-key', '\r'],
      ['Note', '\r'],
    ]);
    const io: Io = { ...recordingIo(), terminal };
    const values = await formValues(io, fields, nothing);
    expect(values).toEqual({ domain: 'acme', apiKey: 'canary-key' });
    expect(seen.text).toContain('acme');
    expect(seen.text).not.toContain('canary-key');
  });

  it('are nobody to be asked for when everything needed is there, and none after Ctrl-C', async () => {
    const { terminal } = personWho([['Domain', '\u0003']]);
    const io: Io = { ...recordingIo(), terminal, stdin: input('canary-key') };
    const given = { values: ['domain=acme'], files: ['apiKey=-'] };
    expect(await formValues(io, fields, given)).toEqual({ domain: 'acme', apiKey: 'canary-key' });
    await expect(formValues(io, fields, nothing)).rejects.toThrow('nothing was connected');
  });

  it('are refused without quoting what may be secret', async () => {
    const refused = async (values: string[], files: string[] = []): Promise<string> => {
      try {
        await formValues(recordingIo(), fields, { values, files });
        return 'taken';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await refused(['canary-key'])).toBe('--field is written NAME=VALUE');
    expect(await refused([], ['canary-key'])).toBe('--field-file is written NAME=PATH');
    expect(await refused(['apikey=canary-key'])).toContain("did you mean 'apiKey'?");
    expect(await refused(['apiKey=canary-key'])).toMatch(/^'apiKey' is secret, .*apiKey=PATH/);
    expect(await refused([], ['apiKey=/no/such/file'])).toContain('cannot be read (ENOENT)');
    expect(await refused(['domain=acme'])).toBe(
      'Nobody can be asked here; give --field-file apiKey=PATH (PATH may be -, standard input)',
    );
    expect(await refused([], ['apiKey=-'])).toContain('no standard input');
  });
});
