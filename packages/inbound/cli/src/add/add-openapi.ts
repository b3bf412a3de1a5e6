import { AddError } from '../cli.errors.js';
import { authSectionOf, baseUrlOf } from '../openapi/auth-section.js';
import { checkDescription } from '../openapi/check-description.js';
import { clientOf } from '../openapi/client-source.js';
import type { Client } from '../openapi/client-source.js';
import { connectorSource } from '../openapi/connector-source.js';
import { nameOfFile, readDescription } from '../openapi/description.js';
import type { Description } from '../openapi/description.js';
import { identityCallOf } from '../openapi/identity-call.js';
import { addExample, registeredOf, requireNoFile } from './add-connector.js';
import { addTest } from './add-test.js';
import { findDefinition } from './definitions.js';
import { importedPath, importsOf } from './imports.js';
import { namesOf } from './names.js';
import { registerConnector } from './register.js';
import type { Workspace } from './workspace.js';

/** A connector for an API that is described. */
export interface DescribedConnector {
  readonly name: string;
  /** Path of the description, from the project's folder. */
  readonly file: string;
}

function addNew(
  workspace: Workspace,
  name: string,
  made: { description: Description; client: Client },
): void {
  const { description, client } = made;
  const path = `${workspace.source}connectors/${name}.ts`;
  requireNoFile(workspace, path, `connector '${name}'`);
  const { camel, upper } = namesOf(name);
  const { url: baseUrl, notes } = baseUrlOf(description, name);
  const auth = authSectionOf(description, { upper, baseUrl });
  const identity = identityCallOf(description, client.operations);
  workspace.create(path, connectorSource(description, { name, auth, baseUrl, identity }));
  workspace.notes.push(...[...notes, ...auth.notes].map((note) => `${path}: ${note}`));
  if (!identity?.id) {
    workspace.notes.push(
      `${path}: identity: the description does not say whose account it is; say it there`,
    );
  }
  registerConnector(workspace, {
    name,
    path,
    exported: `${camel}Connector`,
    isFunction: true,
  });
  const secrets = auth.kind === 'oauth2' ? [`${upper}_CLIENT_ID`, `${upper}_CLIENT_SECRET`] : [];
  addExample(workspace, name, [`${upper}_URL`, ...secrets]);
  addTest(workspace, {
    path: `test/${name}.connector.test.ts`,
    template: `test/openapi-${auth.kind}.test.ts`,
    names: { name },
  });
}

/**
 * A connector whose client is generated from an OpenAPI description. Called again, the client is generated anew and the connector
 * stays as it is.
 * @throws AddError, OpenApiError naming the place in the description.
 */
export async function addDescribedConnector(
  workspace: Workspace,
  { name, file }: DescribedConnector,
): Promise<void> {
  const description = await readDescription(workspace.cwd, file);
  checkDescription(description);
  const known = findDefinition(workspace, 'connector', name);
  const generated = `${workspace.source}connectors/${name}.openapi`;
  if (
    known &&
    !importsOf(known.draft).some(({ from }) => importedPath(known.draft, from) === generated)
  ) {
    throw new AddError(
      'ADD_CONFLICT',
      `${known.place}: the connector '${name}' is there already and is not made from a description; choose another name. Nothing was written`,
    );
  }
  const command = `tenon add connector ${name} --openapi ${nameOfFile(workspace.cwd, file)}`;
  const client = await clientOf(description, {
    name: namesOf(name).camel,
    command,
  });
  workspace.replace(`${generated}.ts`, client.source);
  if (known) {
    workspace.found.push(known.place);
    registerConnector(workspace, registeredOf(name, known));
  } else addNew(workspace, name, { description, client });
}
