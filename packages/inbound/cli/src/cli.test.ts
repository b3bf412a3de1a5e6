import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { MisconfiguredError } from '@tenon/core';

import { runCli } from './cli.js';
import { defineCommand } from './command.js';
import type { Command } from './command.js';
import { exitCodes } from './exit-code.js';
import { choiceFlag, momentFlag, portFlag, switchFlag, textFlag, wholeFlag } from './flags.js';
import { recordingIo } from './recording-io.fixture.js';
import { optionalWord, word } from './words.js';

function commandsWith(seen: unknown[]): Command[] {
  const greet = defineCommand({
    name: 'greet',
    summary: 'Greet somebody',
    flags: {
      port: portFlag('A port'),
      name: textFlag('NAME', 'Whom'),
      'no-smile': switchFlag('Be serious'),
    },
    run: async (flags, _io, settings) => {
      // Typed by the flags: a port is a number, a switch a boolean.
      const typed: { port: number | null; name: string | null; serious: boolean } = {
        port: flags.port,
        name: flags.name,
        serious: flags['no-smile'],
      };
      seen.push({ ...typed, ...settings });
      return exitCodes.ok;
    },
  });
  const send = defineCommand({
    name: 'world send',
    summary: 'Send something',
    words: { what: word('WHAT', 'what to send'), to: optionalWord('TO', 'whom to') },
    flags: {
      times: wholeFlag('N', 'How often', { min: 1, max: 9 }),
      by: choiceFlag(['air', 'sea'], 'By what'),
    },
    run: async ({ what, to, times, by }) => {
      const typed: { what: string; to: string | null; by: 'air' | 'sea' | null } = { what, to, by };
      seen.push({ ...typed, times });
      return exitCodes.ok;
    },
  });
  const failing = (name: string, error: Error): Command =>
    defineCommand({
      name,
      summary: 'Fail',
      flags: {},
      run: async () => {
        throw error;
      },
    });
  return [
    greet,
    failing('world end', new MisconfiguredError('The world has no end')),
    failing('world begin', new Error('a bug with hunter2hunter2')),
    send,
  ];
}

async function run(argv: string[], env: Record<string, string> = {}) {
  const io = recordingIo({ env });
  const seen: unknown[] = [];
  const code = await runCli(argv, io, commandsWith(seen));
  return { code, seen, ...io.written };
}

describe('the command line', () => {
  it('gives a command its values', async () => {
    const { code, seen } = await run([
      'greet',
      '--port',
      '80',
      '--name=-x-',
      '--no-smile',
      '--debug',
    ]);
    expect(code).toBe(0);
    expect(seen).toEqual([{ port: 80, name: '-x-', serious: true, debug: true }]);
    expect((await run(['--debug', 'greet'])).seen).toEqual([
      { port: null, name: null, serious: false, debug: true },
    ]);
  });

  it('gives a command its words, before, between and after flags', async () => {
    expect((await run(['world', 'send', 'tea', '--times', '2', 'ada', '--by=sea'])).seen).toEqual([
      { what: 'tea', to: 'ada', times: 2, by: 'sea' },
    ]);
    expect((await run(['world', 'send', '--', '--tea'])).seen).toEqual([
      { what: '--tea', to: null, times: null, by: null },
    ]);
    const { stdout } = await run(['world', 'send', '--help']);
    expect(stdout).toContain('tenon world send WHAT [TO] [flags]\n');
    expect(stdout).toContain('Words\n  WHAT  what to send\n  TO    whom to\n');
  });

  it('reads moments, and dates as their midnight in UTC', () => {
    const { parse } = momentFlag('When');
    expect(parse('2026-05-06')).toEqual(new Date('2026-05-06T00:00:00Z'));
    expect(parse('2026-05-06T07:08:09.1+02:00')).toEqual(new Date('2026-05-06T05:08:09.100Z'));
    for (const text of ['', '2026', '2026-13-01', '05/06/2026', '2026-05-06T07:08', 'now'])
      expect(parse(text)).toBeUndefined();
  });

  it.each([
    [['gret'], "There is no command 'gret'; did you mean 'greet'?"],
    [['world', 'ende'], "There is no command 'world ende'; did you mean 'world end'?"],
    [['wrld', 'end'], "There is no command 'wrld end'; did you mean 'world end'?"],
    [['worl'], "There is no command 'worl'; did you mean 'world'?"],
    [
      ['entirely-else'],
      "There is no command 'entirely-else'; commands: greet, world end, world begin, world send",
    ],
    [['world'], "'tenon world' needs one more word: world end, world begin, world send"],
    [['world', 'send'], 'WHAT is missing: what to send'],
    [['world', 'send', ''], 'WHAT is missing: what to send'],
    [['world', 'send', 'a', 'b', 'c'], "'c' is one word too many"],
    [
      ['world', 'send', 'a', '--times', '10'],
      "--times must be a whole number from 1 to 9, not '10'",
    ],
    [['world', 'send', 'a', '--times', '1.5'], '--times must be a whole number from 1 to 9, not'],
    [['world', 'send', 'a', '--by', 'foot'], "--by must be one of air, sea, not 'foot'"],
    [['greet', 'bob'], "'bob' is one word too many"],
    [['greet', '--prot', '1'], 'There is no flag --prot; did you mean --port?'],
    [['greet', '--constructor'], 'There is no flag --constructor; known flags: --port, --name'],
    [['greet', '-x'], 'There is no flag -x; known flags: --port, --name'],
    [['greet', '--port'], '--port needs a value: --port PORT'],
    [['greet', '--name', '--port', '1'], '--name needs a value: --name NAME'],
    [['greet', '--name='], "--name must be some text, not ''"],
    [['greet', '--port', '65536'], "--port must be a whole number from 0 to 65535, not '65536'"],
    [['greet', '--port=-1'], "--port must be a whole number from 0 to 65535, not '-1'"],
    [['greet', '--port', '1e3'], "--port must be a whole number from 0 to 65535, not '1e3'"],
    [['greet', '--no-smile=yes'], '--no-smile takes no value'],
    [['greet', '--port', '1', '--port', '2'], '--port is given twice'],
    [['--prot'], 'There is no flag --prot; known flags: --help, --version, --debug'],
  ])('%j: %s', async (argv, message) => {
    const { code, seen, stdout, stderr } = await run(argv);
    expect(stderr).toContain(`✗ ${message}`);
    expect(stderr).toContain('(USAGE)\n');
    expect({ code, seen, stdout }).toEqual({ code: 2, seen: [], stdout: '' });
  });

  it('answers 1 for failures, with the code and without a stack', async () => {
    const known = await run(['world', 'end']);
    expect(known).toMatchObject({ code: 1, stderr: '✗ The world has no end (MISCONFIGURED)\n' });
    const unknown = await run(['world', 'begin']);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: '✗ a bug with hunter2hunter2\nRun it with --debug to see where.\n',
    });
  });

  it('shows stacks for --debug, and secrets never', async () => {
    const { stderr } = await run(['world', 'begin', '--debug'], { DB_PASSWORD: 'hunter2hunter2' });
    expect(stderr).toMatch(/^✗ a bug with \[secret\]\nError: a bug with \[secret\]\n +at /);
  });

  it('shows help for all, some and one, and the version', async () => {
    const all = await run(['--help']);
    expect(all.code).toBe(0);
    for (const name of ['greet', 'world end', 'world begin'])
      expect(all.stdout).toContain(`  ${name}`);
    expect((await run(['help'])).stdout).toBe(all.stdout);
    expect((await run(['world', '-h'])).stdout).not.toContain('greet');
    const one = await run(['greet', '--help']);
    expect(one.stdout).toContain('  --port PORT  A port\n');
    expect((await run(['help', 'greet'])).stdout).toBe(one.stdout);
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('without a command shows how to use it and answers 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('tenon <command>');
  });

  it('has the commands that the guide names', async () => {
    const io = recordingIo();
    expect(await runCli(['--help'], io)).toBe(0);
    const guide = readFileSync(
      new URL('../../../../docs/guides/command-line.md', import.meta.url),
      'utf8',
    );
    const names = [...io.written.stdout.matchAll(/^ {2}([a-z][a-z -]*?) {2,}/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(names).toEqual([
      'create',
      'add connector',
      'add integration',
      'add worker',
      'add job',
      'add webhook',
      'add schedule',
      'add action',
      'dev',
      'connect',
      'run',
      'start',
      'build',
      'synth',
      'deploy',
      'migrate status',
      'migrate deploy',
      'migrate reset',
      'doctor',
      'keys generate',
      'keys status',
      'keys rotate',
      'keys retire',
      'data export',
      'data verify',
      'data import',
      'data copy',
      'tenants list',
      'tenants create',
      'tenants suspend',
      'tenants activate',
      'tenants delete',
      'users list',
      'users show',
      'users create',
      'users delete',
      'tokens list',
      'tokens issue',
      'tokens revoke',
      'connections list',
      'connections show',
      'connections test',
      'connections delete',
      'installations list',
      'installations show',
      'installations enable',
      'installations disable',
      'jobs list',
      'jobs show',
      'jobs enqueue',
      'jobs retry',
      'jobs discard',
      'runs list',
      'runs show',
      'runs cancel',
      'runs resume',
      'dead-letters list',
      'dead-letters show',
      'dead-letters redrive',
      'dead-letters discard',
      'schedules list',
      'schedules show',
      'schedules enable',
      'schedules disable',
      'schedules delete',
      'audit list',
      'audit verify',
    ]);
    expect(names.filter((name) => !guide.includes(`tenon ${name}`))).toEqual([]);
  });
});

describe('tenon keys generate', () => {
  it('prints the variable alone on standard output, a new key each time', async () => {
    const io = recordingIo();
    expect(await runCli(['keys', 'generate', '--id', 'k2'], io)).toBe(0);
    const key = /^TENON_ENCRYPTION_KEYS=k2:(\S+)\n$/.exec(io.written.stdout)?.[1] ?? '';
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(io.written.stderr).not.toContain(key);
    const other = recordingIo();
    await runCli(['keys', 'generate', '--id', 'k2'], other);
    expect(other.written.stdout).not.toBe(io.written.stdout);
  });

  it('refuses ids that the key ring cannot hold', async () => {
    const io = recordingIo();
    expect(await runCli(['keys', 'generate', '--id', 'a:b'], io)).toBe(2);
    expect(io.written.stdout).toBe('');
  });
});
