import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import { OpenApiError, UsageError } from '../cli.errors.js';

/** An object of a description; nothing is known of its members. */
export type Fields = Readonly<Record<string, unknown>>;

/** A way from the root of a description to one of its values. */
export type Pointer = readonly string[];

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Whether a value is an object and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is an object; an empty one where it is none. */
export function fieldsOf(object: Fields, name: string): Fields {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isFields(value) ? value : {};
}

/** A member that is a list; an empty one where it is none. */
export function listOf(object: Fields, name: string): readonly unknown[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? value : [];
}

/** A member that is a text; null where it is none. */
export function textOf(object: Fields, name: string): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : null;
}

/** `#/paths/~1pets/get`, RFC 6901. */
function written(pointer: Pointer): string {
  return ['#', ...pointer]
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .join('/');
}

/** An OpenAPI description as it was read, which can say where its values stand. */
export class Description {
  readonly root: Fields;
  readonly #file: string;
  readonly #parsed: Parsed;

  constructor(file: string, parsed: Parsed) {
    this.#file = file;
    this.#parsed = parsed;
    const value: unknown = parsed.document.toJS({ maxAliasCount: 1_000 });
    if (!isFields(value)) throw new OpenApiError(`${file}: it holds no object`);
    this.root = value;
  }

  /** The value at a pointer; undefined where there is none. */
  at(pointer: Pointer): unknown {
    let value: unknown = this.root;
    for (const part of pointer) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
        return undefined;
      value = (value as Fields)[part];
    }
    return value;
  }

  /** What a value is, or what it refers to. References were checked before. */
  follow(value: unknown): Fields {
    let found = value;
    // A reference to itself refers to nothing.
    for (let hops = 0; hops < 100 && isFields(found); hops += 1) {
      const ref = textOf(found, '$ref');
      if (ref === null) return found;
      found = this.at(pointerOf(ref));
    }
    return {};
  }

  /** The error that names a place of the description. */
  error(pointer: Pointer, message: string): OpenApiError {
    const { document, lines } = this.#parsed;
    const node = document.getIn(pointer, true) as
      { readonly range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    const place = start === undefined ? null : lines.linePos(start);
    const where = place ? `${this.#file}:${place.line}:${place.col}` : this.#file;
    return new OpenApiError(`${where} (${written(pointer)}): ${message}`);
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The parts of a reference within its document. */
export function pointerOf(ref: string): Pointer {
  const path = ref.replace(/^#\/?/, '');
  if (path === '') return [];
  return path.split('/').map((part) => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

async function textAt(cwd: string, path: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OpenApiError(`${path} cannot be read (${code ?? 'unknown'})`, error);
  }
}

async function parse(file: string, text: string): Promise<Parsed> {
  // Loaded on first use: no other command reads YAML. JSON is YAML too.
  const { LineCounter: Counter, parseDocument } = await import('yaml');
  const lines = new Counter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
  });
  const [first] = document.errors;
  if (!first) return { document, lines };
  const { line, col } = lines.linePos(first.pos[0]);
  throw new OpenApiError(`${file}:${line}:${col}: ${first.message}`);
}

/** How a file is named in messages and generated sources: from the project's folder. */
export function nameOfFile(cwd: string, path: string): string {
  return relative(cwd, isAbsolute(path) ? path : resolve(cwd, path)).replaceAll('\\', '/');
}

/**
 * Reads a description, JSON or YAML.
 * @throws OpenApiError naming the place, UsageError for addresses.
 */
export async function readDescription(cwd: string, path: string): Promise<Description> {
  if (/^[a-z]+:\/\//i.test(path)) {
    throw new UsageError(
      `--openapi takes a file, not an address: download ${path.slice(0, 200)} first`,
    );
  }
  const file = nameOfFile(cwd, path);
  return new Description(file, await parse(file, await textAt(cwd, path)));
}
