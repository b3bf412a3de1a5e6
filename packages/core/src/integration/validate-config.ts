import { ValidationError } from '../platform/common.errors.js';
import type { JsonObject } from '../platform/json.js';
import { toJsonObject } from '../platform/to-json.js';
import { validateWith } from '../platform/validate.js';
import type { Integration } from './integration.js';

/**
 * Validates a configuration and answers the schema's output as it is stored.
 * @throws ValidationError naming every place as `config.…`, also when the schema gives what is no JSON (dates, maps).
 */
export async function validateConfig(
  integration: Integration,
  config: unknown,
): Promise<JsonObject> {
  const what = `The configuration of the integration '${integration.name}'`;
  let output: unknown;
  try {
    output = await validateWith(integration.config, config ?? {}, what);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const issues = error.issues.map(({ path, message }) => ({
      path: path === '' ? 'config' : `config.${path}`,
      message,
    }));
    throw new ValidationError(what, issues);
  }
  return toJsonObject(output, what, 'config');
}
