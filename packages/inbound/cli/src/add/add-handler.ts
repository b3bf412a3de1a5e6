import { AddError } from '../cli.errors.js';
import { addTest } from './add-test.js';
import { byHand } from './by-hand.js';
import { chooseIntegration } from './choose-integration.js';
import type { Definition } from './definitions.js';
import { insertEntry } from './insert-entry.js';
import { keyOf } from './names.js';
import { hasSpread, keysOf, objectOf, propertyOf, textOf } from './syntax.js';
import type { Workspace } from './workspace.js';

/** Parts of an integration that are objects of named entries. */
export type Section = 'jobs' | 'webhooks' | 'schedules' | 'actions';

/** One entry of a section. */
export interface Entry {
  readonly section: Section;
  readonly name: string;
  /** What follows the key. */
  readonly code: string;
  /** Literal texts that an entry which is there already must have. */
  readonly expected?: Readonly<Record<string, string | null>>;
}

function indented(code: string): string {
  return code.replaceAll('\n', '\n  ');
}

/** The section as a person would write it. */
function snippetOf({ section, name, code }: Entry): string {
  return `${section}: {\n  ${keyOf(name)}: ${indented(code)},\n},`;
}

function requireSame(workspace: Workspace, definition: Definition, entry: Entry): void {
  const { draft } = definition;
  const section = definition.object && objectOf(draft, definition.object, entry.section);
  const property = section && propertyOf(draft, section, entry.name);
  if (!section || !property) return;
  const place = draft.placeOf(property);
  const own = objectOf(draft, section, entry.name);
  for (const [key, expected] of Object.entries(entry.expected ?? {})) {
    const text = own && textOf(draft, own, key);
    if (expected === null || text === expected) continue;
    throw new AddError(
      'ADD_CONFLICT',
      `${place}: '${entry.name}' is there already, without ${key} '${expected}'; change it there or choose another name. Nothing was written`,
    );
  }
  workspace.found.push(place);
}

/**
 * Adds an entry to an integration, unless it has it. Answers whether it was added.
 * @throws AddError `ADD_BY_HAND` with the snippet, when the integration is built in another way.
 */
export function addEntry(workspace: Workspace, definition: Definition, entry: Entry): boolean {
  const { draft, object } = definition;
  const { section, name, code } = entry;
  const snippet = snippetOf(entry);
  if (!object) {
    const problem = 'what defineIntegration(…) is given is not written there';
    throw byHand({ place: definition.place, problem, snippet });
  }
  const entryCode = `${keyOf(name)}: ${code}`;
  const property = propertyOf(draft, object, section);
  if (!property) {
    if (hasSpread(draft, object)) {
      const problem = `'${section}' may come with what is spread into it`;
      throw byHand({ place: definition.place, problem, snippet });
    }
    insertEntry(draft, object, `${section}: {\n  ${indented(entryCode)},\n}`);
    return true;
  }
  const list = objectOf(draft, object, section);
  if (!list) {
    const problem = `'${section}' is no object that is written in this file`;
    throw byHand({ place: draft.placeOf(property), problem, snippet });
  }
  if (keysOf(draft, list).includes(name)) {
    requireSame(workspace, definition, entry);
    return false;
  }
  insertEntry(draft, list, entryCode);
  return true;
}

/** What a job, a webhook, a schedule or an action is called, and where it goes. */
export interface NewHandler {
  readonly name: string;
  readonly integration: string | null;
}

/** The names of the entries that a section has. */
export function entriesOf({ draft, object }: Definition, section: Section): readonly string[] {
  const list = object && objectOf(draft, object, section);
  return list ? keysOf(draft, list) : [];
}

/** Adds the test of an entry. */
export function addEntryTest(
  workspace: Workspace,
  integration: Definition,
  kind: { readonly template: string; readonly name: string },
): void {
  const name = integration.name ?? 'integration';
  addTest(workspace, {
    path: `test/${name}.${kind.name}.${kind.template}.test.ts`,
    template: `test/${kind.template}.test.ts`,
    names: { name: kind.name, slot: kind.name, integration: name },
  });
}

const ACTION = `{
  run: async (ctx) => {
    // What the action does comes here; its answer goes to the caller as JSON.
    ctx.logger.info('The action NAME was called');
    return { done: true };
  },
}`;

/** An action of an integration. */
export function addAction(workspace: Workspace, { name, integration }: NewHandler): void {
  const definition = chooseIntegration(workspace, integration);
  const entry: Entry = { section: 'actions', name, code: ACTION.replace('NAME', name) };
  if (addEntry(workspace, definition, entry)) {
    addEntryTest(workspace, definition, { template: 'action', name });
  }
}
