import { describe, expect, it } from '@jest/globals';

import { recordingIo } from '../recording-io.fixture.js';
import { writeDetails } from './details.js';
import { pageRequest, timeCell, writePage } from './paging.js';

interface Item {
  readonly id: string;
  readonly at: Date | null;
  readonly text: string;
}

const items: readonly Item[] = [
  { id: 'a', at: new Date(0), text: 'plain' },
  { id: 'bb', at: null, text: 'with\u001b[31m colour\nand lines, postgres://me:pass-word@db/x' },
];

function written(page: { items: readonly Item[]; nextCursor: string | null }, json = false) {
  const io = recordingIo();
  writePage<Item>(io, page, {
    json,
    what: 'items',
    columns: [
      ['ID', ({ id }) => id],
      ['AT', ({ at }) => timeCell(at)],
      ['TEXT', ({ text }) => text],
    ],
  });
  return io.written;
}

describe('a page', () => {
  it('is a table whose stored text cannot speak to the terminal, nor tell passwords', () => {
    expect(written({ items, nextCursor: null })).toEqual({
      stdout:
        'ID  AT                        TEXT\n' +
        'a   1970-01-01T00:00:00.000Z  plain\n' +
        'bb  -                         with [31m colour and lines, postgres://me:[secret]@db/x\n',
      stderr: '',
    });
  });

  it('says how to go on, and that there is nothing, beside standard output', () => {
    expect(written({ items, nextCursor: 'x.1' }).stderr).toBe('There are more: --after x.1\n');
    expect(written({ items: [], nextCursor: null })).toEqual({
      stdout: '',
      stderr: 'No items.\n',
    });
  });

  it('is JSON alone for programs', () => {
    const { stdout, stderr } = written({ items, nextCursor: 'x.1' }, true);
    expect(JSON.parse(stdout)).toEqual({
      items: JSON.parse(JSON.stringify(items)) as unknown,
      nextCursor: 'x.1',
    });
    expect(stderr).toBe('');
  });

  it('is asked for with what was given alone', () => {
    expect(pageRequest({ limit: null, after: null })).toEqual({});
    expect(pageRequest({ limit: 3, after: 'c' })).toEqual({ limit: 3, cursor: 'c' });
  });
});

describe('details', () => {
  it('has a line per field', () => {
    const io = recordingIo();
    const thing = { id: 'a', at: new Date(0), none: null, list: [1], left: undefined };
    writeDetails(io, thing, false);
    expect(io.written.stdout).toBe('id    a\nat    1970-01-01T00:00:00.000Z\nnone  -\nlist  [1]\n');
    const json = recordingIo();
    writeDetails(json, thing, true);
    expect(JSON.parse(json.written.stdout)).toEqual({
      id: 'a',
      at: '1970-01-01T00:00:00.000Z',
      none: null,
      list: [1],
    });
  });
});
