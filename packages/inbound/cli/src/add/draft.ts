import type ts from 'typescript';
import { AddError } from '../cli.errors.js';
import type { TypeScript } from './typescript.js';

/** Replaces the text from `from` up to `to`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Puts text in at a place. */
export function insertion(at: number, text: string): Edit {
  return { from: at, to: at, text };
}

interface SyntaxError {
  readonly start: number;
  readonly messageText: string | ts.DiagnosticMessageChain;
}

/** A source file that is being edited: text, and the tree of it as it is now. */
export class Draft {
  readonly ts: TypeScript;
  /** Relative to the project, with `/`. */
  readonly path: string;
  #text: string;
  #file: ts.SourceFile;

  /** @throws AddError naming the place, when the text is no TypeScript. */
  constructor(typescript: TypeScript, path: string, text: string) {
    this.ts = typescript;
    this.path = path;
    this.#text = text;
    this.#file = this.#parse(text);
    const problem = this.#problem(this.#file);
    if (problem !== null) {
      throw new AddError('ADD_FAILED', `${problem}; mend it, then add again. Nothing was written`);
    }
  }

  get text(): string {
    return this.#text;
  }

  get file(): ts.SourceFile {
    return this.#file;
  }

  /** `src/app.ts:7` */
  placeOf(node: ts.Node): string {
    const start = node.getStart(this.#file);
    return `${this.path}:${this.#file.getLineAndCharacterOfPosition(start).line + 1}`;
  }

  /** Applies edits that do not overlap; those at one place in their order. The tree is new afterwards. */
  apply(edits: readonly Edit[]): void {
    const sorted = [...edits].sort((a, b) => a.from - b.from || a.to - b.to);
    let text = '';
    let at = 0;
    for (const edit of sorted) {
      text += this.#text.slice(at, edit.from) + edit.text;
      at = edit.to;
    }
    text += this.#text.slice(at);
    const file = this.#parse(text);
    const problem = this.#problem(file);
    if (problem !== null) throw new Error(`The edit would break the file: ${problem}`);
    this.#text = text;
    this.#file = file;
  }

  #parse(text: string): ts.SourceFile {
    return this.ts.createSourceFile(this.path, text, this.ts.ScriptTarget.Latest, true);
  }

  #problem(file: ts.SourceFile): string | null {
    // What the compiler keeps of parsing; programs that would report it need the whole project.
    const { parseDiagnostics } = file as unknown as { parseDiagnostics?: readonly SyntaxError[] };
    const first = parseDiagnostics?.[0];
    if (!first) return null;
    const { line, character } = file.getLineAndCharacterOfPosition(first.start);
    const message = this.ts.flattenDiagnosticMessageText(first.messageText, ' ');
    return `${this.path}:${line + 1}:${character + 1}: ${message}`;
  }
}
