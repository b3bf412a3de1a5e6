import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { TerminalScreen } from './terminal-screen.js';
import type { Key } from './terminal-screen.js';

function aTerminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    setRawMode: (on: boolean) => raw.push(on),
  });
  const output = Object.assign(new PassThrough(), { columns: 0, rows: 0 });
  return { input, output, raw, written: () => String(output.read() ?? '') };
}

describe('TerminalScreen', () => {
  it('gives the terminal back as it was', () => {
    const { input, output, raw, written } = aTerminal();
    const before = process.listenerCount('exit');
    const screen = new TerminalScreen(
      { input, output },
      { onKey: () => undefined, onResize: () => undefined },
    );
    screen.enter();
    expect(written()).toBe('\u001b[?1049h\u001b[?25l\u001b[?7l');
    expect(process.listenerCount('exit')).toBe(before + 1);
    screen.leave();
    screen.leave();
    expect(written()).toBe('\u001b[?7h\u001b[?25h\u001b[?1049l');
    expect(raw).toEqual([true, false]);
    expect(input.isPaused()).toBe(true);
    expect([input.listenerCount('data'), output.listenerCount('resize')]).toEqual([0, 0]);
    expect(process.listenerCount('exit')).toBe(before);
    screen.draw(['late']);
    expect(written()).toBe('');
  });

  it('reads keys, Ctrl-C among them, and hears of a new size', async () => {
    const { input, output } = aTerminal();
    const keys: Key[] = [];
    let resized = 0;
    const screen = new TerminalScreen(
      { input, output },
      { onKey: (key) => keys.push(key), onResize: () => (resized += 1) },
    );
    screen.enter();
    expect(screen.size).toEqual({ columns: 80, rows: 24 });
    input.write('rcEq\u0003x');
    await new Promise((resolve) => setImmediate(resolve));
    Object.assign(output, { columns: 120, rows: 50 });
    output.emit('resize');
    screen.leave();
    expect(keys).toEqual(['restart', 'clear', 'error', 'quit', 'quit', 'other']);
    expect(resized).toBe(1);
    expect(screen.size).toEqual({ columns: 120, rows: 50 });
  });
});
