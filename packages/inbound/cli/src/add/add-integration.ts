import { AddError, UsageError } from '../cli.errors.js';
import { nearestName } from '@tenon/core';
import { noteZod, registeredOf, requireNoFile } from './add-connector.js';
import { addTest } from './add-test.js';
import { findDefinition, findDefinitions } from './definitions.js';
import type { Definition } from './definitions.js';
import { namesOf } from './names.js';
import { isRegistered, registerConnector, registerIntegration, variableFor } from './register.js';
import type { Registered } from './register.js';
import { keysOf, objectOf } from './syntax.js';
import type { Workspace } from './workspace.js';

/** What a new integration is to be. */
export interface NewIntegration {
  readonly name: string;
  /** Names of connectors; null for the only one. */
  readonly connections: readonly string[] | null;
}

interface Side {
  readonly slot: string;
  /** Variable of the app's module. */
  readonly variable: string;
  readonly connector: Registered;
}

function connectorNames(workspace: Workspace): string[] {
  return findDefinitions(workspace, 'connector').flatMap(({ name }) =>
    name === null ? [] : [name],
  );
}

function chosenNames(workspace: Workspace, given: readonly string[] | null): readonly string[] {
  const known = connectorNames(workspace);
  const [only, other] = known;
  if (only === undefined) {
    throw new UsageError(
      'An integration runs between connections, and the app has no connector: tenon add connector NAME first',
    );
  }
  if (given === null && other === undefined) return [only];
  if (given === null) {
    throw new UsageError(`Say what it connects: --connections with some of ${known.join(', ')}`);
  }
  for (const name of given) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest ? `did you mean '${nearest}'?` : `connectors: ${known.join(', ')}`;
    throw new UsageError(`There is no connector '${name.slice(0, 100)}'; ${hint}`);
  }
  return [...new Set(given)];
}

function sideOf(workspace: Workspace, name: string): Side {
  const definition = findDefinition(workspace, 'connector', name);
  if (!definition) throw new Error(`The connector '${name}' was there before`);
  const connector = registeredOf(name, definition);
  return { slot: variableFor(name), variable: registerConnector(workspace, connector), connector };
}

function sourceOf(workspace: Workspace, name: string, sides: readonly Side[]): string {
  const { camel, pascal, label } = namesOf(name);
  const from = (path: string): string =>
    path.startsWith(workspace.source) ? `../${path.slice(workspace.source.length)}` : `../${path}`;
  const imports = sides.map(
    ({ connector: { exported, path } }) =>
      `import type { ${exported} } from '${from(path).replace(/\.m?ts$/, '.js')}';`,
  );
  const members = sides.map(({ slot, connector: { exported, isFunction } }) => {
    const type = isFunction ? `ReturnType<typeof ${exported}>` : `typeof ${exported}`;
    return `  readonly ${slot}: ${type};`;
  });
  const slots = sides.map(({ slot }) => slot).join(', ');
  return `import { defineIntegration } from '@tenon/core';
import { z } from 'zod';
${imports.join('\n')}

/** The connectors that the integration runs between. */
export interface ${pascal}Sides {
${members.join('\n')}
}

/** ${label}: what happens between the connections. */
export function ${camel}Integration({ ${slots} }: ${pascal}Sides) {
  return defineIntegration({
    name: '${name}',
    version: '1.0.0',
    display: { label: '${label}' },
    connections: { ${slots} },
    config: z.object({}),
  });
}
`;
}

function requireSameSlots(known: Definition, connections: readonly string[] | null): void {
  const own = known.object && objectOf(known.draft, known.object, 'connections');
  if (connections === null || !own) return;
  const slots = [...keysOf(known.draft, own)].sort().join(', ');
  if (slots === [...new Set(connections.map(variableFor))].sort().join(', ')) return;
  throw new AddError(
    'ADD_CONFLICT',
    `${known.place}: the integration '${known.name ?? ''}' is there already, between ${slots}; change it there or choose another name. Nothing was written`,
  );
}

function registerKnown(
  workspace: Workspace,
  known: Definition,
  { name, connections }: NewIntegration,
): void {
  requireSameSlots(known, connections);
  workspace.found.push(known.place);
  const integration = registeredOf(name, known);
  if (isRegistered(workspace, integration)) return;
  const chosen = integration.isFunction ? chosenNames(workspace, connections) : [];
  const sides = chosen.map((each) => sideOf(workspace, each));
  registerIntegration(workspace, integration, variablesOf(sides));
}

function variablesOf(sides: readonly Side[]): Readonly<Record<string, string>> {
  return Object.fromEntries(sides.map(({ slot, variable }) => [slot, variable]));
}

/** An integration in a file of its own, unless the app has one of that name. */
export function addIntegration(workspace: Workspace, wish: NewIntegration): void {
  const { name, connections } = wish;
  const known = findDefinition(workspace, 'integration', name);
  if (known) {
    registerKnown(workspace, known, wish);
    return;
  }
  const path = `${workspace.source}integrations/${name}.ts`;
  requireNoFile(workspace, path, `integration '${name}'`);
  const sides = chosenNames(workspace, connections).map((each) => sideOf(workspace, each));
  workspace.create(path, sourceOf(workspace, name, sides));
  noteZod(workspace);
  const exported = `${namesOf(name).camel}Integration`;
  registerIntegration(workspace, { name, path, exported, isFunction: true }, variablesOf(sides));
  addTest(workspace, {
    path: `test/${name}.integration.test.ts`,
    template: 'test/integration.test.ts',
    names: { name },
  });
}
