import { nearestName } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { findDefinitions } from './definitions.js';
import type { Definition } from './definitions.js';
import type { Workspace } from './workspace.js';

/**
 * The integration that is meant: the named one, or the only one.
 * @throws UsageError listing those that there are.
 */
export function chooseIntegration(workspace: Workspace, given: string | null): Definition {
  const definitions = findDefinitions(workspace, 'integration');
  const names = definitions.flatMap(({ name }) => (name === null ? [] : [name]));
  if (given === null) {
    const [only, other] = definitions;
    if (only && !other) return only;
    if (!only) {
      throw new UsageError('The app has no integration: tenon add integration NAME first');
    }
    throw new UsageError(`Say where it goes: --integration with one of ${names.join(', ')}`);
  }
  const found = definitions.find(({ name }) => name === given);
  if (found) return found;
  const nearest = nearestName(given, names);
  const hint = nearest
    ? `did you mean '${nearest}'?`
    : `integrations: ${names.join(', ') || 'none'}`;
  throw new UsageError(`There is no integration '${given.slice(0, 100)}'; ${hint}`);
}
