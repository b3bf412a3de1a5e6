import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isCancel, password, text } from '@clack/prompts';
import { nearestName } from '@tenon/core';
import type { ConnectorView } from '@tenon/core';
import { StoppedError, UsageError } from '../cli.errors.js';
import type { Io, Terminal } from '../io.js';

/** The fields of a connector's form, by name. */
export type FormFields = Extract<ConnectorView['auth'], { fields: unknown }>['fields'];

type Field = FormFields[string];

/** What the command line said: `NAME=VALUE` and `NAME=PATH`. */
export interface GivenFields {
  readonly values: readonly string[];
  readonly files: readonly string[];
}

const MAX_BYTES = 64 * 1024;

/** Never quotes what follows the name: it may be a secret. */
function pairOf(flag: string, given: string): readonly [name: string, rest: string] {
  const at = given.indexOf('=');
  if (at < 1)
    throw new UsageError(`${flag} is written NAME=${flag === '--field' ? 'VALUE' : 'PATH'}`);
  return [given.slice(0, at), given.slice(at + 1)];
}

function checkName(fields: FormFields, name: string): void {
  if (Object.hasOwn(fields, name)) return;
  const names = Object.keys(fields);
  const nearest = nearestName(name, names);
  const hint = nearest ? `did you mean '${nearest}'?` : `fields: ${names.join(', ')}`;
  throw new UsageError(`There is no field '${name.slice(0, 100)}'; ${hint}`);
}

async function standardInput(io: Io): Promise<string> {
  if (!io.stdin) throw new UsageError('There is no standard input here');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk as string | Uint8Array);
    size += bytes.length;
    if (size > MAX_BYTES) throw new UsageError(`Standard input has more than ${MAX_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fileText(io: Io, path: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path} cannot be read (${code})`);
  }
}

/** The values that the command line names. Secrets come from files or from standard input: others can read its arguments. */
async function givenValues(
  io: Io,
  fields: FormFields,
  given: GivenFields,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const each of given.values) {
    const [name, value] = pairOf('--field', each);
    checkName(fields, name);
    if (fields[name]?.secret !== false) {
      throw new UsageError(
        `'${name}' is secret, and others can read the arguments of a program: use --field-file ${name}=PATH, or ${name}=- for standard input`,
      );
    }
    values[name] = value;
  }
  let readInput = false;
  for (const each of given.files) {
    const [name, path] = pairOf('--field-file', each);
    checkName(fields, name);
    if (path === '-' && readInput) throw new UsageError('Standard input holds one field alone');
    readInput ||= path === '-';
    const content = path === '-' ? await standardInput(io) : await fileText(io, path);
    values[name] = content.replace(/\r?\n$/, '');
  }
  return values;
}

async function ask(terminal: Terminal, field: Field): Promise<string> {
  const help = field.help === undefined ? '' : ` (${field.help})`;
  const message = `${field.label}${help}`;
  const validate = (value: string | undefined): string | undefined =>
    !value && field.required !== false ? 'It is needed' : undefined;
  const options = { ...terminal, message, validate };
  const answer = await (field.secret === false ? text(options) : password(options));
  if (isCancel(answer)) throw new StoppedError('Stopped; nothing was connected');
  return answer;
}

function missingText(fields: FormFields, names: readonly string[]): string {
  const ways = names.map((name) =>
    fields[name]?.secret === false ? `--field ${name}=VALUE` : `--field-file ${name}=PATH`,
  );
  return `Nobody can be asked here; give ${ways.join(' ')} (PATH may be -, standard input)`;
}

/** Fills in a connector's form: by what the command line says, then by asking. @throws UsageError, StoppedError. */
export async function formValues(
  io: Io,
  fields: FormFields,
  given: GivenFields,
): Promise<Readonly<Record<string, string>>> {
  const values = await givenValues(io, fields, given);
  const open = Object.keys(fields).filter((name) => values[name] === undefined);
  const needed = open.filter((name) => fields[name]?.required !== false);
  if (!io.terminal) {
    if (needed.length > 0) throw new UsageError(missingText(fields, needed));
    return values;
  }
  // Who says everything that is needed is not asked for the rest.
  for (const name of needed.length > 0 ? open : []) {
    const field = fields[name];
    const value = field ? await ask(io.terminal, field) : '';
    if (value !== '') values[name] = value;
  }
  return values;
}
