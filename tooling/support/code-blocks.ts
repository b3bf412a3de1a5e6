import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './repository.js';

/** A fenced block of TypeScript in a page. */
export interface CodeBlock {
  /** The page's path from the root of the repository. */
  readonly page: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  /** What follows `ts` on the opening fence. */
  readonly info: string;
  readonly code: string;
}

/** The pages whose code must compile: the README, the guides, the packages and the examples. */
export function documentationPages(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) {
        return ['node_modules', 'dist', 'src'].includes(entry.name)
          ? []
          : below(join(folder, entry.name));
      }
      return entry.name.endsWith('.md') && entry.name !== 'CHANGELOG.md'
        ? [join(folder, entry.name)]
        : [];
    });
  return ['README.md', ...['docs', 'packages', 'examples'].flatMap(below)];
}

/** Every block fenced as `ts` or `typescript` in a page. */
export function codeBlocks(
  page: string,
  text = readFileSync(join(root, page), 'utf8'),
): CodeBlock[] {
  const fences = /^```(?:ts|typescript)(?:[ \t]+(.*))?\n([\s\S]*?)^```[ \t]*$/gm;
  return [...text.matchAll(fences)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    info: match[1] ?? '',
    code: match[2] ?? '',
  }));
}

/** Why a block is not compiled (`nocheck="reason"`), or undefined when it is. */
export function optOutReason(block: CodeBlock): string | undefined {
  return /\bnocheck\b(?:="([^"]*)")?/.test(block.info)
    ? (/\bnocheck="([^"]*)"/.exec(block.info)?.[1] ?? '')
    : undefined;
}
