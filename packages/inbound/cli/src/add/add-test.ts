import { fromTemplate } from './templates.js';
import type { TemplateNames } from './templates.js';
import type { Workspace } from './workspace.js';

const TEST_APP = 'test/test-app.ts';

/** Adds a test of what was added, unless there is a file of its name. */
export function addTest(
  workspace: Workspace,
  test: { readonly path: string; readonly template: string; readonly names: TemplateNames },
): void {
  if (workspace.has(test.path)) return;
  if (!workspace.text(TEST_APP)?.includes('installed(')) {
    workspace.notes.push(
      `No test was added: ${TEST_APP} is missing or older than this command (tenon create makes one)`,
    );
    return;
  }
  workspace.create(test.path, fromTemplate(test.template, test.names));
}
