import { readFileSync } from 'node:fs';
import { compose } from './compose.js';
import { kubernetes } from './kubernetes.js';
import type { ContainerShape } from './kubernetes.js';
import { toYaml } from './yaml.js';

const template = (name: string): string =>
  readFileSync(new URL(`../../../templates/container/${name}`, import.meta.url), 'utf8');

/** The manifests as one text, a document each. */
export function kubernetesText(shape: ContainerShape): string {
  return kubernetes(shape).map(toYaml).join('---\n');
}

/** The files of an app in containers, by their names in a folder of the project. */
export function containerFiles(shape: ContainerShape, folder: string): ReadonlyMap<string, string> {
  return new Map([
    ['Dockerfile', template('Dockerfile')],
    ['Dockerfile.dockerignore', template('_dockerignore')],
    ['compose.yaml', toYaml(compose(shape, folder))],
    ['kubernetes.yaml', kubernetesText(shape)],
  ]);
}
