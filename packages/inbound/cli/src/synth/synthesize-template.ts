import { loadApp } from '../app/load-app.js';
import { functionEntries } from '../build/function-entries.js';
import type { Io } from '../io.js';
import { cloudFormation } from './aws/cloudformation.js';
import type { Template } from './aws/template.js';
import { readProject } from './read-project.js';
import { readShape } from './read-shape.js';
import type { ServerlessShape } from './serverless-shape.js';

/** The CloudFormation template of the project's app. */
export async function synthesizeTemplate(
  io: Io,
  given: { readonly app: string | null; readonly runtime: ServerlessShape['runtime'] | null },
): Promise<Template> {
  const entries = functionEntries(io.cwd);
  const { app, environment } = await loadApp(io, given.app);
  const { name } = readProject(io.cwd);
  const runtime = given.runtime ?? 'nodejs22.x';
  return cloudFormation(readShape({ name, runtime, app: app.describe(environment), entries }));
}
