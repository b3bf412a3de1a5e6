import { MisconfiguredError } from '@tenon/core';
import type { AppDefinition, AppShape, Environment } from '@tenon/core';

const CLIENT_VARIABLE = /CLIENT_?(ID|SECRET|KEY)$/i;

/** What an app is made of, and which variables it looked for in vain. */
export interface DescribedApp {
  readonly shape: AppShape;
  readonly missing: readonly string[];
}

/**
 * Describes an app and notes the variables that it reads and that nobody has set.
 * @throws what the definitions throw; for wrong ones with the client variables that are missing.
 */
export function describeApp(app: AppDefinition, environment: Environment): DescribedApp {
  const missing = new Set<string>();
  const watched = new Proxy(environment, {
    get: (target, name) => {
      const value = typeof name === 'string' ? target[name] : undefined;
      if (value === undefined && typeof name === 'string') missing.add(name);
      return value;
    },
  });
  try {
    return { shape: app.describe(watched), missing: [...missing] };
  } catch (error) {
    const names = [...missing].filter((name) => CLIENT_VARIABLE.test(name));
    if (!(error instanceof Error) || names.length === 0) throw error;
    const wrong = new MisconfiguredError(`${error.message} Not set: ${names.join(', ')}`);
    wrong.cause = error;
    throw wrong;
  }
}

/** Those of the missing variables that hold the client of a connector: `CRM_CLIENT_ID` for `crm`. */
export function clientVariables(missing: readonly string[], connector: string): readonly string[] {
  const prefix = connector.replaceAll('-', '_').toUpperCase();
  return missing.filter(
    (name) => CLIENT_VARIABLE.test(name) && name.toUpperCase().startsWith(`${prefix}_`),
  );
}
