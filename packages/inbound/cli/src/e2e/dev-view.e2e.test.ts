import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { HAND_WRITTEN_APP } from './hand-written-app.fixture.js';
import { createProject, eventually } from './project.fixture.js';
import type { Project } from './project.fixture.js';

jest.setTimeout(120_000);

const program = fileURLToPath(new URL('../../bin/tenon.js', import.meta.url));
const ENTERED = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEFT = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** `tenon dev` on a terminal of its own, which script(1) makes. */
class OnTerminal {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  #written = '';

  constructor(cwd: string) {
    const dev = `sh -c 'echo $$ > pid; exec ${process.execPath} ${program} dev --port 0'`;
    const size = 'stty rows 30 cols 100';
    const command = `${size}; stty -a > before; ${dev}; echo "code $?"; stty -a > after`;
    const { CI: _ci, NODE_OPTIONS: _options, ...env } = process.env;
    this.process = spawn('script', ['-qfc', command, '/dev/null'], {
      cwd,
      env: { ...env, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#written += text;
    });
    this.ended = new Promise((resolve) => this.process.once('close', resolve));
  }

  get written(): string {
    return this.#written;
  }

  press(key: string): void {
    this.process.stdin?.write(key);
  }

  /** Waits for words to be drawn. */
  async saw(words: string): Promise<void> {
    const drawn = () => stripVTControlCharacters(this.#written).includes(words);
    await eventually(drawn, { withinMs: 60_000, what: words });
  }
}

/** The script(1) of util-linux; that of other systems is called in another way. */
const scripted = spawnSync('script', ['--version'], { encoding: 'utf8' });
const makesTerminals = scripted.status === 0 && scripted.stdout.includes('util-linux');
const told = makesTerminals
  ? 'tenon dev on a terminal'
  : 'tenon dev on a terminal: SKIPPED, there is no script(1) of util-linux here to make terminals';

(makesTerminals ? describe : describe.skip)(told, () => {
  let project: Project;
  let terminal: OnTerminal;

  beforeEach(() => {
    project = createProject({
      'package.json': '{ "type": "module" }',
      'src/app.ts': HAND_WRITTEN_APP,
      'src/greeting.ts': "export const greeting = 'hello';\nconsole.log('printed by the app');\n",
    });
    terminal = new OnTerminal(project.dir);
  });
  afterEach(async () => {
    terminal.process.kill('SIGKILL');
    await terminal.ended;
    await project.remove();
  });

  it('shows what goes on, obeys keys and gives the terminal back', async () => {
    await terminal.saw('✓ tenon dev  Ready');
    await terminal.saw('q quit · r restart · c clear · everything printed: .tenon/dev.log');
    terminal.press('r');
    await terminal.saw('✓ tenon dev  Restarted');
    project.write('src/greeting.ts', "throw new Error('canary-password is wrong');\n");
    await terminal.saw('The version before goes on; waiting for a change');
    await terminal.saw('APP_LOAD_FAILED');
    terminal.press('e');
    await terminal.saw('Any key goes back');
    await terminal.saw("1 | throw new Error('[secret] is wrong');");
    terminal.press('q');
    await terminal.saw('code 0');
    await terminal.ended;
    const { written } = terminal;
    expect(written.split(ENTERED)).toHaveLength(2);
    expect(written.split(LEFT)[1]).toMatch(/^Stopped\r\ncode 0/);
    // All settings of the terminal are those of before.
    const settings = (name: string) => readFileSync(join(project.dir, name), 'utf8');
    expect(settings('after')).toBe(settings('before'));
    expect(settings('.tenon/dev.log')).toContain('printed by the app\n');
    expect(written + settings('.tenon/dev.log')).not.toContain('canary-password');
  });

  it('gives the terminal back when it is told to end by a signal', async () => {
    await terminal.saw('✓ tenon dev  Ready');
    process.kill(Number(readFileSync(join(project.dir, 'pid'), 'utf8')), 'SIGTERM');
    await terminal.saw('code 0');
    await terminal.ended;
    expect(terminal.written.split(LEFT)).toHaveLength(2);
  });
});
