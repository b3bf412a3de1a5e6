import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@tenon/core';
import { AppError } from '../cli.errors.js';
import { readProject } from '../synth/read-project.js';

/** @throws AppError `APP_NOT_FOUND` that says how an app is deployed which has no functions. */
export function requireFunctions(cwd: string, look: () => unknown): void {
  try {
    look();
  } catch (error) {
    const image = ['Dockerfile', 'deploy/Dockerfile'].find((file) => existsSync(join(cwd, file)));
    if (!hasCode(error, 'APP_NOT_FOUND') || image === undefined) throw error;
    const { name, version } = readProject(cwd);
    const tag = `registry.example/${name}:${version}`;
    throw new AppError(
      'APP_NOT_FOUND',
      'This app has no functions for Lambda: it runs in containers, which tenon deploy does not deploy. With your registry and cluster:\n' +
        `  npx tenon synth --target container --image ${tag}\n` +
        `  docker build -f deploy/Dockerfile -t ${tag} . && docker push ${tag}\n` +
        `  kubectl apply -f deploy/kubernetes.yaml\n` +
        "The guide 'Deploying containers' has the secret, the migration job and compose. For Lambda the app needs src/handlers and src/workers",
      error,
    );
  }
}
