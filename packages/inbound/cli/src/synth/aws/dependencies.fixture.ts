import type { Resource, Template } from './template.js';

function dependenciesOf(resource: Resource | undefined, template: Template): string[] {
  const text = JSON.stringify(resource ?? {});
  const asked = text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"|\$\{(\w+)(?:\.\w+)?\}/g);
  return [...asked]
    .map(([, one, two, three]) => one ?? two ?? three ?? '')
    .filter((id) => id in template.Resources);
}

/** Resources that wait for each other, which CloudFormation refuses; none as it should be. */
export function dependencyCycle(template: Template): readonly string[] {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return [];
    for (const next of dependenciesOf(template.Resources[id], template)) {
      const cycle = visit(next, [...path, id]);
      if (cycle.length > 0) return cycle;
    }
    done.add(id);
    return [];
  };
  for (const id of Object.keys(template.Resources)) {
    const cycle = visit(id, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
