import { nearestName } from '@tenon/core';
import type ts from 'typescript';
import { UsageError } from '../cli.errors.js';
import { addEntry, addEntryTest, entriesOf } from './add-handler.js';
import type { NewHandler } from './add-handler.js';
import { byHand } from './by-hand.js';
import { chooseIntegration } from './choose-integration.js';
import { findDefinitions } from './definitions.js';
import type { Definition } from './definitions.js';
import { importedPath, importsOf } from './imports.js';
import { insertEntry } from './insert-entry.js';
import { namesOf } from './names.js';
import { hasSpread, keysOf, objectOf, propertyOf, valueOf, walk } from './syntax.js';
import type { Workspace } from './workspace.js';

const HANDLER = `async (ctx) => {
  // What happened is in ctx.event.data. So that events come: in onCreate, give the provider the address that
  // ctx.webhooks.endpoint('SLOT') answers, and keep what it signs with by ctx.webhooks.setSecret('SLOT', …).
  ctx.logger.info('An event came', { deliveryKey: ctx.event.deliveryKey });
}`;
const SLOT = /^[A-Za-z][\w-]{0,62}$/;
const SCHEME = "webhooks: { type: 'standard-webhooks' }";

/** The slots of an integration. @throws UsageError when the slot is not one of them. */
function requireSlot({ draft, object, place }: Definition, slot: string): void {
  const connections = object && objectOf(draft, object, 'connections');
  // What is not written there cannot be looked at; the app says it when it starts.
  if (!connections || hasSpread(draft, connections)) return;
  const slots = keysOf(draft, connections);
  if (slots.includes(slot)) return;
  const nearest = nearestName(slot, slots);
  const hint = nearest ? `did you mean '${nearest}'?` : `slots: ${slots.join(', ')}`;
  throw new UsageError(
    `Webhooks come from a connection: '${slot.slice(0, 100)}' is no slot of ${place}; ${hint}`,
  );
}

/** The names that stand for the connector of a slot: its variable, or what its type asks for. */
function namesBehind({ draft, object }: Definition, slot: string): readonly string[] {
  const { ts, file } = draft;
  const connections = object && objectOf(draft, object, 'connections');
  const value = connections && valueOf(draft, connections, slot);
  const names = value && ts.isIdentifier(value) ? [value.text] : [];
  walk(draft, file, (node) => {
    const isMember = ts.isPropertySignature(node) && node.name.getText(file) === slot;
    if (!isMember || !node.type) return;
    walk(draft, node.type, (part: ts.Node) => {
      if (ts.isTypeQueryNode(part)) names.push(part.exprName.getText(file));
    });
  });
  return names;
}

function connectorOf(
  workspace: Workspace,
  integration: Definition,
  slot: string,
): Definition | null {
  const connectors = findDefinitions(workspace, 'connector');
  const behind = namesBehind(integration, slot);
  for (const { local, name, from } of importsOf(integration.draft)) {
    if (!behind.includes(local)) continue;
    const path = importedPath(integration.draft, from);
    const found = connectors.find(
      ({ draft, exported }) =>
        draft.path.replace(/\.m?ts$/, '') === path && exported?.name === name,
    );
    if (found) return found;
  }
  return connectors.find(({ name }) => name !== null && namesOf(name).camel === slot) ?? null;
}

/** Providers have to sign: a connector that does not say how is given the common scheme. */
function ensureScheme(workspace: Workspace, integration: Definition, slot: string): void {
  const connector = connectorOf(workspace, integration, slot);
  if (connector?.object && propertyOf(connector.draft, connector.object, 'webhooks')) return;
  if (!connector?.object || hasSpread(connector.draft, connector.object)) {
    throw byHand({
      place: connector?.place ?? integration.place,
      problem: `whether the connector of the slot '${slot}' says how its webhooks are signed cannot be seen`,
      snippet: `${SCHEME},`,
    });
  }
  insertEntry(connector.draft, connector.object, SCHEME);
  workspace.notes.push(
    `${connector.draft.path}: webhooks are taken to be signed by Standard Webhooks; other providers want { type: 'hmac', … }`,
  );
}

/** The handler of the webhooks of a slot, which is its name. */
export function addWebhook(workspace: Workspace, { name, integration }: NewHandler): void {
  const definition = chooseIntegration(workspace, integration);
  if (!SLOT.test(name)) {
    throw new UsageError(
      `NAME must be a slot: letters, digits, dashes and underscores, a letter first, not '${name.slice(0, 100)}'`,
    );
  }
  const slot = entriesOf(definition, 'webhooks').includes(name)
    ? name
    : slotNamed(definition, name);
  requireSlot(definition, slot);
  const code = HANDLER.replaceAll('SLOT', slot);
  if (!addEntry(workspace, definition, { section: 'webhooks', name: slot, code })) return;
  ensureScheme(workspace, chooseIntegration(workspace, integration), slot);
  addEntryTest(workspace, definition, { template: 'webhook', name: slot });
}

/** Slots are variables: `google-drive` is `googleDrive`. */
function slotNamed({ draft, object }: Definition, name: string): string {
  const connections = object && objectOf(draft, object, 'connections');
  const { camel } = namesOf(name);
  return connections && propertyOf(draft, connections, camel) ? camel : name;
}
