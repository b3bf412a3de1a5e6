import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { localEnvironment } from '../app/local-environment.js';
import { recordingIo } from '../recording-io.fixture.js';
import { readDevNote, removeDevNote, writeDevNote } from './dev-note.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenon-note-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const environment = { DATABASE_URL: 'postgresql://dev' };
const note = { pid: process.pid, url: 'http://localhost:3000', environment };

describe('the note of tenon dev', () => {
  it('is for its owner alone, and goes with the process that wrote it', () => {
    expect(readDevNote(cwd)).toBeNull();
    writeDevNote(cwd, note);
    expect(statSync(join(cwd, '.tenon/dev.json')).mode & 0o077).toBe(0);
    expect(readDevNote(cwd)).toEqual(note);
    removeDevNote(cwd, process.pid + 1);
    expect(readDevNote(cwd)).toEqual(note);
    removeDevNote(cwd, process.pid);
    expect(readdirSync(join(cwd, '.tenon'))).toEqual([]);
  });

  it('counts for nothing when its process is gone or when it cannot be read', () => {
    // Above the largest process id that there can be.
    writeDevNote(cwd, { ...note, pid: 2 ** 22 + 1 });
    expect(readDevNote(cwd)).toBeNull();
    for (const text of ['{', 'null', '{"pid":1}']) {
      writeFileSync(join(cwd, '.tenon/dev.json'), text);
      expect(readDevNote(cwd)).toBeNull();
    }
  });

  it('comes after a DATABASE_URL of the process and before that of .env', () => {
    writeDevNote(cwd, note);
    const loaded = { DATABASE_URL: 'postgresql://db.example/app', OTHER: 'x' };
    const io = recordingIo({ cwd });
    expect(localEnvironment(io, loaded)).toEqual({
      environment: { ...loaded, ...environment, TENON_PUBLIC_URL: note.url },
      isLocal: true,
    });
    expect(io.written.stderr).toContain('the tenon dev that serves http://localhost:3000');
    const given = recordingIo({ cwd, env: { DATABASE_URL: loaded.DATABASE_URL } });
    expect(localEnvironment(given, loaded)).toEqual({ environment: loaded, isLocal: false });
    expect(given.written.stderr).toBe('');
    const local = { DATABASE_URL: 'mongodb://[::1]:27017/app' };
    expect(localEnvironment(given, local).isLocal).toBe(true);
  });

  it('gives the process what the SDK of AWS reads there, and nothing else', () => {
    writeDevNote(cwd, { ...note, environment: { ...environment, AWS_ACCESS_KEY_ID: 'local' } });
    const set: unknown[] = [];
    const setEnvironment = (values: object): void => void set.push(values);
    localEnvironment({ ...recordingIo({ cwd }), setEnvironment }, {});
    expect(set).toEqual([{ AWS_ACCESS_KEY_ID: 'local' }]);
  });
});
