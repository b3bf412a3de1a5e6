import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { runCli } from '../cli.js';
import { projectFiles } from '../create/project-files.js';
import { projectDefaults } from '../create/project-options.js';
import { recordingIo } from '../recording-io.fixture.js';

/** A project in a folder of its own, for tests of `tenon add`. */
export class ProjectFolder {
  readonly cwd = mkdtempSync(join(tmpdir(), 'tenon-add-'));

  put(path: string, text: string): void {
    mkdirSync(dirname(join(this.cwd, path)), { recursive: true });
    writeFileSync(join(this.cwd, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.cwd, path), 'utf8');
  }

  /** What `tenon create` makes. */
  create(example: 'crm' | 'empty' = 'empty'): void {
    const files = projectFiles({ name: 'shop', packages: null, ...projectDefaults, example });
    for (const [path, text] of files) this.put(path, text);
  }

  /** Every file with its text. */
  all(): Record<string, string> {
    const paths = readdirSync(this.cwd, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
  }

  async add(...args: readonly string[]) {
    const io = recordingIo({ cwd: this.cwd });
    const code = await runCli(['add', ...args], io);
    return { code, ...io.written };
  }

  remove(): void {
    rmSync(this.cwd, { recursive: true, force: true });
  }
}
