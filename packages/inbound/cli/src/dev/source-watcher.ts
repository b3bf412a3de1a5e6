import { readdirSync, statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Folders that hold what is made, not what is written. */
const IGNORED = new Set(['node_modules', 'dist', 'coverage']);

/** Options of {@link SourceWatcher}. */
export interface WatchOptions {
  /** Watched with all its folders, except hidden ones, `node_modules`, `dist` and `coverage`. */
  readonly folder: string;
  /** Called with the paths that were added, changed or removed. */
  readonly onChange: (paths: readonly string[]) => void;
  /** Quiet time after an event before anything is reported, in milliseconds. Default: 60. */
  readonly debounceMs?: number;
  /** How often to look when the system cannot tell of changes, in milliseconds. Default: 400. */
  readonly pollMs?: number;
  /** Looks for changes by itself from the beginning: for file systems without events. Default: false. */
  readonly poll?: boolean;
}

interface Snapshot {
  readonly files: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
}

function stampOf(file: string): string | null {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs}:${size}`;
  } catch {
    return null;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Removed since it was listed.
    return [];
  }
}

function isWatched(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('~') && !IGNORED.has(name);
}

function takeSnapshot(folder: string, extraFiles: Iterable<string>): Snapshot {
  const files = new Map<string, string>();
  const folders = [folder];
  const add = (file: string): void => {
    const stamp = stampOf(file);
    if (stamp !== null) files.set(file, stamp);
  };
  for (const current of folders) {
    for (const entry of entriesOf(current)) {
      const path = join(current, entry.name);
      if (!isWatched(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path);
      else add(path);
    }
  }
  for (const file of extraFiles) add(file);
  return { files, folders };
}

function difference(before: Snapshot, after: Snapshot): string[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...paths].filter((path) => before.files.get(path) !== after.files.get(path));
}

/**
 * Tells of changes below a folder and of single files. Events of the file system only say when to look; what changed is
 * found by comparing times and sizes. Where events cannot be had (limits, network drives) it looks at intervals.
 */
export class SourceWatcher {
  readonly #options: WatchOptions;
  readonly #extraFiles = new Set<string>();
  readonly #watchers = new Map<string, FSWatcher>();
  #snapshot: Snapshot;
  #debounce: NodeJS.Timeout | null = null;
  #polling: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#snapshot = takeSnapshot(options.folder, []);
    if (options.poll === true) this.#startPolling();
    else this.#syncWatchers();
  }

  /** Watches these files too; they need not exist yet. */
  include(files: readonly string[]): void {
    for (const file of files) this.#extraFiles.add(file);
    const known = this.#snapshot;
    const added = new Map(known.files);
    for (const file of files) {
      const stamp = stampOf(file);
      if (stamp !== null && !added.has(file)) added.set(file, stamp);
    }
    this.#snapshot = { ...known, files: added };
    this.#syncWatchers();
  }

  close(): void {
    this.#closed = true;
    if (this.#debounce) clearTimeout(this.#debounce);
    if (this.#polling) clearInterval(this.#polling);
    this.#closeWatchers();
  }

  #look(): void {
    const before = this.#snapshot;
    this.#snapshot = takeSnapshot(this.#options.folder, this.#extraFiles);
    // Files that came into a new folder before it was watched are found by looking again.
    if (this.#syncWatchers()) {
      this.#snapshot = takeSnapshot(this.#options.folder, this.#extraFiles);
    }
    const changed = difference(before, this.#snapshot);
    if (changed.length > 0) this.#options.onChange(changed);
  }

  #lookSoon(): void {
    if (this.#closed) return;
    if (this.#debounce) clearTimeout(this.#debounce);
    this.#debounce = setTimeout(() => {
      this.#look();
    }, this.#options.debounceMs ?? 60);
  }

  /** Answers whether folders came to those that are watched. */
  #syncWatchers(): boolean {
    if (this.#polling || this.#closed) return false;
    const outside = [...this.#extraFiles].map((file) => dirname(file));
    const wanted = new Set([...this.#snapshot.folders, ...outside]);
    for (const folder of this.#watchers.keys()) if (!wanted.has(folder)) this.#forget(folder);
    const missing = [...wanted].filter((folder) => !this.#watchers.has(folder));
    for (const folder of missing) this.#watch(folder);
    return missing.length > 0;
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  /** A folder that was removed and made again is another one: its watcher, and those below, hear nothing any more. */
  #forgetBelow(path: string): void {
    for (const folder of this.#watchers.keys()) {
      if (folder === path || folder.startsWith(path + sep)) this.#forget(folder);
    }
  }

  #watch(folder: string): void {
    if (this.#polling) return;
    try {
      const watcher = watch(folder, (event, name) => {
        if (event === 'rename') this.#forgetBelow(name === null ? folder : join(folder, name));
        this.#lookSoon();
      });
      watcher.on('error', () => {
        this.#startPolling();
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#startPolling();
    }
  }

  #startPolling(): void {
    if (this.#polling || this.#closed) return;
    this.#closeWatchers();
    this.#polling = setInterval(() => {
      this.#look();
    }, this.#options.pollMs ?? 400);
  }

  #closeWatchers(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}
