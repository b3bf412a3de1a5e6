import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';
import { AddError } from '../cli.errors.js';

/** The compiler's API. */
export type TypeScript = typeof ts;

function load(from: string): TypeScript | null {
  try {
    const loaded = createRequire(from)('typescript') as TypeScript;
    // Compilers written in other languages have no such API.
    return 'createSourceFile' in loaded ? loaded : null;
  } catch {
    return null;
  }
}

/**
 * The project's own TypeScript, or the one that stands beside this package.
 * @throws AddError when there is none.
 */
export function loadTypeScript(cwd: string): TypeScript {
  const found = load(join(cwd, 'package.json')) ?? load(import.meta.url);
  if (found) return found;
  throw new AddError(
    'ADD_FAILED',
    "Editing sources needs the package 'typescript': npm install --save-dev typescript",
  );
}
