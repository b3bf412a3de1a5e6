import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { root, type Package } from './repository.js';

/**
 * What the built files of a package import and its package.json does not promise to install, as `file: module`.
 * Declarations also need the types of a module that ships none.
 */
export function undeclaredImports({ dir, name, manifest }: Package): string[] {
  const declared = new Set([
    name,
    ...Object.keys(manifest['dependencies'] ?? {}),
    ...Object.keys(manifest['peerDependencies'] ?? {}),
  ]);
  const dist = join(root, dir, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|d\.ts)$/.test(file))
    .flatMap((file) => {
      const needed = imported(readFileSync(join(dist, file), 'utf8')).map((module) =>
        file.endsWith('.d.ts') ? typesOf(module, declared) : module,
      );
      return needed.filter((module) => !declared.has(module)).map((module) => `${file}: ${module}`);
    });
}

/** The packages that a file imports: no relative path, no module of Node. */
function imported(code: string): string[] {
  return ts
    .preProcessFile(code)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => !/^(\.|node:)/.test(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
}

/** The package that brings the types of a module: the module itself, or its @types. */
function typesOf(module: string, declared: ReadonlySet<string>): string {
  const types = `@types/${module.replace(/^@([^/]+)\//, '$1__')}`;
  const shipsNone = existsSync(join(root, 'node_modules', types));
  return shipsNone && !(declared.has(module) && declared.has(types)) ? types : module;
}
