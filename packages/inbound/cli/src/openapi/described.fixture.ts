import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from '@jest/globals';

import { checkDescription } from './check-description.js';
import { readDescription } from './description.js';
import type { Description } from './description.js';

/** Removed after the tests of the file. */
export const cwd = mkdtempSync(join(tmpdir(), 'tenon-openapi-'));
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

let count = 0;
/** A description that was read and checked: YAML as text, or an object. */
export async function described(text: string | object): Promise<Description> {
  const file = `api-${(count += 1)}.${typeof text === 'string' ? 'yaml' : 'json'}`;
  writeFileSync(join(cwd, file), typeof text === 'string' ? text : JSON.stringify(text, null, 2));
  const description = await readDescription(cwd, file);
  checkDescription(description);
  return description;
}

/** What clients are generated for. */
export const request = { name: 'desk', command: 'tenon add connector desk --openapi desk.yaml' };
/** An operation that answers anything. */
export const ok = { responses: { '200': { content: { 'application/json': { schema: {} } } } } };
/** The least that a description needs. */
export const minimal = {
  openapi: '3.1.0',
  info: { title: 'A', version: '1' },
  paths: { '/a': { get: ok } },
};
