import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { findApp } from '../app/find-app.js';
import { AddError } from '../cli.errors.js';
import { Draft } from './draft.js';
import { loadTypeScript } from './typescript.js';
import type { TypeScript } from './typescript.js';

/** A file as it was and as it is to be. */
export interface FileChange {
  /** Relative to the project, with `/`. */
  readonly path: string;
  /** Null for new files. */
  readonly before: string | null;
  readonly after: string;
}

const SOURCE = /(?<!\.d)\.m?ts$/;
const OTHERS = new Set(['node_modules', 'dist', '.tenon', '.git']);

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OTHERS.has(entry.name) ? [] : sourcesBelow(path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

/** The sources of a project, with the changes that are to be made to them. Nothing is written here. */
export class Workspace {
  readonly ts: TypeScript;
  /** The project's folder. */
  readonly cwd: string;
  /** What a person has to know besides. */
  readonly notes: string[] = [];
  /** Where things are that were there already. */
  readonly found: string[] = [];
  readonly #app: string;
  readonly #drafts = new Map<string, Draft>();
  readonly #before = new Map<string, string | null>();
  readonly #texts = new Map<string, string>();

  /** @throws AppError when there is no app, AddError when it cannot be edited. */
  constructor(cwd: string, app: string | null) {
    this.cwd = cwd;
    this.#app = this.#relative(findApp(cwd, app));
    if (!SOURCE.test(this.#app) || this.#app.startsWith('..')) {
      throw new AddError(
        'ADD_FAILED',
        `${this.#app} cannot be edited: name the TypeScript module of the app with --app PATH, and run it in the project's folder`,
      );
    }
    this.ts = loadTypeScript(cwd);
  }

  /** The module that exports the app. */
  get app(): Draft {
    return this.open(this.#app);
  }

  /** Where sources lie: the folder of the app's module. */
  get source(): string {
    const folder = dirname(this.#app);
    return folder === '.' ? '' : `${folder}/`;
  }

  has(path: string): boolean {
    return this.#before.has(path) || existsSync(join(this.cwd, path));
  }

  open(path: string): Draft {
    const known = this.#drafts.get(path);
    if (known) return known;
    const draft = new Draft(this.ts, path, this.#read(path));
    this.#drafts.set(path, draft);
    return draft;
  }

  /** The sources of the app that have a text in them; others may be broken, or large and generated. */
  sourcesWith(text: string): readonly Draft[] {
    const found = sourcesBelow(join(this.cwd, this.source)).map((path) => this.#relative(path));
    const created = [...this.#drafts.keys()].filter((path) => this.#before.get(path) === null);
    return [...new Set([...found, ...created])]
      .sort()
      .filter((path) => (this.#drafts.get(path)?.text ?? this.#textAt(path)).includes(text))
      .map((path) => this.open(path));
  }

  /** A new source. */
  create(path: string, text: string): void {
    this.#before.set(path, null);
    this.#drafts.set(path, new Draft(this.ts, path, text));
  }

  /** A source that is written anew as a whole. */
  replace(path: string, text: string): void {
    if (this.has(path)) this.#read(path);
    else this.#before.set(path, null);
    this.#drafts.set(path, new Draft(this.ts, path, text));
  }

  /** The text of a file that is no source, for example `.env.example`; null when there is none. */
  text(path: string): string | null {
    return this.has(path) ? (this.#texts.get(path) ?? this.#read(path)) : null;
  }

  setText(path: string, text: string): void {
    if (!this.has(path)) this.#before.set(path, null);
    this.#texts.set(path, text);
  }

  changes(): readonly FileChange[] {
    const texts = new Map(this.#texts);
    for (const [path, { text }] of this.#drafts) texts.set(path, text);
    return [...texts]
      .map(([path, after]) => ({
        path,
        before: this.#before.get(path) ?? null,
        after,
      }))
      .filter(({ before, after }) => before !== after)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #textAt(path: string): string {
    return readFileSync(join(this.cwd, path), 'utf8');
  }

  #read(path: string): string {
    const text = this.#textAt(path);
    this.#before.set(path, text);
    return text;
  }

  #relative(path: string): string {
    return relative(this.cwd, path).replaceAll('\\', '/');
  }
}
