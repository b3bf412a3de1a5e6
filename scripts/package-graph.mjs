// Prints the graph of the packages as Mermaid, from what their files import.
// --write puts it into the documentation, --check fails when the documentation shows another one.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const markers = ['<!-- package graph: npm run graph -->', '<!-- end of package graph -->'];

/** The graph as a fenced block. */
async function packageGraph() {
  process.chdir(root);
  const options = await extractDepcruiseOptions(join(root, '.dependency-cruiser.cjs'));
  const { output } = await cruise(['packages'], {
    ...options,
    // Tests may reach anything; the graph shows what ships.
    exclude: { path: [...options.exclude.path, '\\.(test|fixture)\\.ts$'] },
    includeOnly: '^packages/',
    collapse: '^packages/((inbound|outbound)/)?[^/]+',
    outputType: 'mermaid',
    validate: false,
  });
  return `\`\`\`mermaid\n${output.trim()}\n\`\`\``;
}

/** The text of a page with `graph` between its markers. */
function withGraph(text, graph) {
  const [start, end] = markers.map((marker) => text.indexOf(marker));
  if (start === -1 || end < start) throw new Error(`The page lacks ${markers.join(' … ')}`);
  return `${text.slice(0, start)}${markers[0]}\n\n${graph}\n\n${text.slice(end)}`;
}

const { values } = parseArgs({
  options: {
    write: { type: 'boolean' },
    check: { type: 'boolean' },
    page: { type: 'string', multiple: true, default: [join(root, 'docs/architecture.md')] },
  },
});
const graph = await packageGraph();
if (!values.write && !values.check) process.stdout.write(`${graph}\n`);
for (const page of values.page) {
  const text = readFileSync(page, 'utf8');
  const current = withGraph(text, graph);
  if (values.write) writeFileSync(page, current);
  else if (values.check && text !== current) {
    process.stderr.write(`${page} shows an old package graph: run \`npm run graph\`.\n`);
    process.exitCode = 1;
  }
}
