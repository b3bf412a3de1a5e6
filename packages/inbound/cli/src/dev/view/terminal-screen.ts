import type { Terminal } from '../../io.js';

/** What a person pressed. */
export type Key = 'quit' | 'restart' | 'clear' | 'error' | 'other';

const KEYS: Readonly<Record<string, Key>> = {
  q: 'quit',
  // Ctrl-C and Ctrl-D: a terminal in raw mode makes no signals of them.
  '\u0003': 'quit',
  '\u0004': 'quit',
  r: 'restart',
  c: 'clear',
  e: 'error',
};

// The other screen, no cursor, no breaking of long lines; and back.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';
const DEFAULT_SIZE = { columns: 80, rows: 24 };

/** A terminal as a whole screen that is drawn again and again. {@link leave} gives it back as it was. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #onKey: (key: Key) => void;
  readonly #onResize: () => void;
  #entered = false;

  constructor(
    terminal: Terminal,
    handlers: { readonly onKey: (key: Key) => void; readonly onResize: () => void },
  ) {
    this.#terminal = terminal;
    this.#onKey = handlers.onKey;
    this.#onResize = handlers.onResize;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    const { input, output } = this.#terminal;
    // Whatever ends this process: `exit` comes after everything but SIGKILL.
    process.on('exit', this.#atExit);
    output.write(ENTER);
    input.setRawMode?.(true);
    input.on('data', this.#onData);
    input.resume();
    output.on('resize', this.#onResize);
  }

  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    const { input, output } = this.#terminal;
    process.off('exit', this.#atExit);
    output.off('resize', this.#onResize);
    input.off('data', this.#onData);
    input.setRawMode?.(false);
    input.pause();
    output.write(LEAVE);
  }

  get size(): { readonly columns: number; readonly rows: number } {
    const { columns = 0, rows = 0 } = this.#terminal.output;
    // A terminal of no size is one that does not know its size.
    return columns > 0 && rows > 0 ? { columns, rows } : DEFAULT_SIZE;
  }

  draw(lines: readonly string[]): void {
    if (!this.#entered) return;
    const text = lines.map((line) => line + REST_OF_LINE).join('\r\n');
    this.#terminal.output.write(HOME + text + REST_OF_SCREEN);
  }

  readonly #atExit = (): void => {
    this.leave();
  };

  readonly #onData = (data: Buffer | string): void => {
    for (const character of data.toString()) this.#onKey(KEYS[character.toLowerCase()] ?? 'other');
  };
}
