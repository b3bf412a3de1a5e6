import { AddError } from '../cli.errors.js';
import { addTest } from './add-test.js';
import { findDefinition } from './definitions.js';
import type { Definition } from './definitions.js';
import { namesOf } from './names.js';
import { registerConnector } from './register.js';
import type { Registered } from './register.js';
import { objectOf, textOf } from './syntax.js';
import { fromTemplate } from './templates.js';
import type { Workspace } from './workspace.js';

/** How people sign in at a new connector. */
export const authKinds = ['oauth2', 'api-key', 'basic'] as const;
export type AuthKind = (typeof authKinds)[number];

/** What the app's module has to know of a definition. @throws AddError when it cannot import it. */
export function registeredOf(name: string, definition: Definition): Registered {
  const { exported, draft, place } = definition;
  if (exported) {
    const { name: exportName, isFunction } = exported;
    return { name, path: draft.path, exported: exportName, isFunction };
  }
  throw new AddError(
    'ADD_BY_HAND',
    `${place}: '${name}' is defined but not exported; export it. Nothing was written`,
  );
}

function requireSameAuth({ draft, object, place, name }: Definition, auth: AuthKind | null): void {
  if (auth === null || !object) return;
  const own = objectOf(draft, object, 'auth');
  const type = own && textOf(draft, own, 'type')?.replace('_', '-');
  if (typeof type !== 'string' || type === auth) return;
  throw new AddError(
    'ADD_CONFLICT',
    `${place}: the connector '${name ?? ''}' is there already, with auth ${type} and not ${auth}; change it there or choose another name. Nothing was written`,
  );
}

/** Lists the variables that a connector reads. */
export function addExample(workspace: Workspace, name: string, variables: readonly string[]): void {
  const path = '.env.example';
  const text = workspace.text(path);
  if (text === null) return;
  const missing = variables.filter((variable) => !text.includes(`${variable}=`));
  if (missing.length === 0) return;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = [`# ${namesOf(name).label}.`, ...missing.map((variable) => `# ${variable}=`)];
  const added = lines.map((line) => line + eol).join('');
  workspace.setText(path, text + (text.endsWith('\n') ? eol : eol + eol) + added);
}

/** A connector in a file of its own, unless the app has one of that name. */
export function addConnector(
  workspace: Workspace,
  { name, auth }: { readonly name: string; readonly auth: AuthKind | null },
): void {
  const known = findDefinition(workspace, 'connector', name);
  if (known) {
    requireSameAuth(known, auth);
    workspace.found.push(known.place);
    registerConnector(workspace, registeredOf(name, known));
    return;
  }
  const path = `${workspace.source}connectors/${name}.ts`;
  requireNoFile(workspace, path, `connector '${name}'`);
  const kind = auth ?? 'api-key';
  workspace.create(path, fromTemplate(`src/connectors/${kind}.ts`, { name }));
  noteZod(workspace);
  const { camel, upper } = namesOf(name);
  registerConnector(workspace, {
    name,
    path,
    exported: `${camel}Connector`,
    isFunction: true,
  });
  const secrets = kind === 'oauth2' ? [`${upper}_CLIENT_ID`, `${upper}_CLIENT_SECRET`] : [];
  addExample(workspace, name, [`${upper}_URL`, ...secrets]);
  addTest(workspace, {
    path: `test/${name}.connector.test.ts`,
    template: `test/connector-${kind}.test.ts`,
    names: { name },
  });
}

/** What a new source imports besides Tenon. */
export function noteZod(workspace: Workspace): void {
  if (workspace.text('package.json')?.includes('"zod"')) return;
  workspace.notes.push('It imports zod, which package.json does not name: npm install zod');
}

/** @throws AddError when something else is there. */
export function requireNoFile(workspace: Workspace, path: string, what: string): void {
  if (!workspace.has(path)) return;
  throw new AddError(
    'ADD_CONFLICT',
    `${path} exists and does not define the ${what}; choose another name. Nothing was written`,
  );
}
