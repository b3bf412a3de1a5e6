import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { namesOf } from './names.js';

const templates = fileURLToPath(new URL('../../templates/add/', import.meta.url));

/** Names that stand in templates, and what takes their place. */
export interface TemplateNames {
  /** Takes the place of `my-name`, `myName`, `MY_NAME` and `My name`. In kebab case. */
  readonly name: string;
  /** Takes the place of `my-integration`. */
  readonly integration?: string;
  /** Takes the place of `mySlot`. */
  readonly slot?: string;
}

/** A file of the templates, which are complete sources, with names put in. */
export function fromTemplate(path: string, { name, integration, slot }: TemplateNames): string {
  const { kebab, camel, upper, label } = namesOf(name);
  return readFileSync(`${templates}${path}`, 'utf8')
    .replaceAll('\r\n', '\n')
    .replaceAll('my-integration', integration ?? 'my-integration')
    .replaceAll('mySlot', slot ?? 'mySlot')
    .replaceAll('my-name', kebab)
    .replaceAll('myName', camel)
    .replaceAll('MY_NAME', upper)
    .replaceAll('My name', label);
}
