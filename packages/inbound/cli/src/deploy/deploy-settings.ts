import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestName } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { readProject } from '../synth/read-project.js';
import { OWN_PARAMETERS } from './release.js';

/** Where an app is deployed to. */
export interface DeploySettings {
  readonly stack: string;
  readonly region: string | null;
  readonly bucket: string | null;
  readonly role: string | null;
  readonly parameters: ReadonlyMap<string, string>;
}

/** What the command line says; it comes before `tenon.deploy` of `package.json`. */
export interface GivenSettings {
  readonly stack: string | null;
  readonly region: string | null;
  readonly bucket: string | null;
  readonly role: string | null;
  readonly parameter: readonly (readonly [name: string, value: string])[];
}

const PLACE = 'tenon.deploy of package.json';
const KEYS = ['stack', 'region', 'bucket', 'role', 'parameters'];
const STACK = /^[a-zA-Z][a-zA-Z0-9-]{0,127}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const REGION = /^[a-z]{2,3}(-[a-z]+)+-\d$/;

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function configured(cwd: string): Plain {
  const file = join(cwd, 'package.json');
  if (!existsSync(file)) return {};
  const { tenon } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly tenon?: { readonly deploy?: unknown };
  };
  const deploy = tenon?.deploy ?? {};
  if (!isPlain(deploy)) throw new UsageError(`${PLACE} must be an object`);
  const unknown = Object.keys(deploy).find((key) => !KEYS.includes(key));
  if (unknown === undefined) return deploy;
  const nearest = nearestName(unknown, KEYS);
  const hint = nearest ? `did you mean '${nearest}'?` : `known: ${KEYS.join(', ')}`;
  throw new UsageError(`${PLACE} has '${unknown}'; ${hint}`);
}

function textOf(value: unknown, key: string): string | null {
  if (value === undefined || typeof value === 'string') return value ?? null;
  throw new UsageError(`${key} in ${PLACE} must be a text`);
}

function parametersOf(value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (!isPlain(value)) throw new UsageError(`parameters in ${PLACE} must be an object`);
  return Object.entries(value).map(([name, each]) => {
    if (typeof each === 'string' || typeof each === 'number') return [name, String(each)];
    throw new UsageError(`The parameter ${name} in ${PLACE} must be a text or a number`);
  });
}

function checked(value: string | null, what: string, form: RegExp): string | null {
  if (value === null || form.test(value)) return value;
  throw new UsageError(`'${value.slice(0, 100)}' is no name of a ${what}`);
}

/** @throws UsageError naming what is wrong, and where. */
export function readDeploySettings(cwd: string, given: GivenSettings): DeploySettings {
  const own = configured(cwd);
  const stack = given.stack ?? textOf(own['stack'], 'stack') ?? readProject(cwd).name;
  return {
    stack: checked(stack, 'stack: letters, digits and dashes', STACK) ?? stack,
    region: checked(given.region ?? textOf(own['region'], 'region'), 'region', REGION),
    bucket: checked(given.bucket ?? textOf(own['bucket'], 'bucket'), 'bucket', BUCKET),
    role: checked(given.role ?? textOf(own['role'], 'role'), 'role: arn:aws:iam::…:role/…', ROLE),
    parameters: new Map([...parametersOf(own['parameters']), ...given.parameter]),
  };
}

/** @throws UsageError for a parameter that the template does not have, or that a deployment decides itself. */
export function requireParameters(
  parameters: ReadonlyMap<string, string>,
  known: readonly string[],
): void {
  for (const name of parameters.keys()) {
    if (OWN_PARAMETERS.includes(name)) {
      throw new UsageError(`The parameter ${name} is set by tenon deploy itself: leave it out`);
    }
    if (known.includes(name)) continue;
    const others = known.filter((each) => !OWN_PARAMETERS.includes(each));
    const nearest = nearestName(name, others);
    const hint = nearest ? `did you mean ${nearest}?` : `there are ${others.join(', ')}`;
    throw new UsageError(`The template has no parameter ${name}; ${hint}`);
  }
}
