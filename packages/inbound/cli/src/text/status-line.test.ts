import { describe, expect, it } from '@jest/globals';

import { recordingIo } from '../recording-io.fixture.js';
import { bar, StatusLine } from './status-line.js';

function line(isTTY: boolean) {
  const io = recordingIo({ isTTY });
  const clock = { ms: 0 };
  return { io, clock, status: new StatusLine(io, () => clock.ms) };
}

describe('a bar', () => {
  it.each([
    [0, '[························]   0 %'],
    [0.25, '[######··················]  25 %'],
    [0.999, '[#######################·]  99 %'],
    [1, '[########################] 100 %'],
    [7, '[########################] 100 %'],
    [-1, '[························]   0 %'],
  ])('of %d', (portion, text) => {
    expect(bar(portion)).toBe(text);
  });
});

describe('a status line', () => {
  it('is one line that changes on a terminal, and goes', () => {
    const { io, clock, status } = line(true);
    status.tell('too soon', 0.1);
    expect(io.written.stderr).toBe('');
    clock.ms = 100;
    status.tell('a quarter', 0.25);
    status.tell('at once again', 0.5);
    status.say('something stays');
    status.end();
    expect(io.written.stderr).toBe(
      '\r\u001b[2K[######··················]  25 % a quarter\r\u001b[2Ksomething stays\n',
    );
  });

  it('is lines elsewhere, one in a second', () => {
    const { io, clock, status } = line(false);
    for (clock.ms = 0; clock.ms <= 2_500; clock.ms += 250) status.tell(`at ${clock.ms}`, 0.5);
    status.end();
    expect(io.written.stderr).toBe('at 1000, 50 %\nat 2000, 50 %\n');
  });
});
