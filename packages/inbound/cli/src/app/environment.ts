import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '@tenon/core';
import type { Io } from '../io.js';

/** The variables of the process and, for names that it does not set, those of the project's `.env` file. */
export function readEnvironment(io: Pick<Io, 'cwd' | 'env'>): Environment {
  const file = join(io.cwd, '.env');
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...io.env } : io.env;
}
