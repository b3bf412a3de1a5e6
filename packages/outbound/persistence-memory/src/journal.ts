/** How to take back what was changed. Its size is that of the changes, whatever the size of the database. */
export class Journal {
  readonly #undo: (() => void)[] = [];

  record(undo: () => void): void {
    this.#undo.push(undo);
  }

  mark(): number {
    return this.#undo.length;
  }

  /** Takes back everything after `mark`, the last change first. */
  rollback(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** Keeps everything. */
  forget(): void {
    this.#undo.length = 0;
  }
}
