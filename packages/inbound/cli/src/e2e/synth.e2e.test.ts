import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HAND_WRITTEN_APP } from './hand-written-app.fixture.js';
import { createProject } from './project.fixture.js';
import type { Project } from './project.fixture.js';

const HANDLER = 'export const handler = async () => null;\n';

describe('tenon synth', () => {
  let project: Project;
  const read = (path: string): string => readFileSync(join(project.dir, path), 'utf8');

  beforeAll(() => {
    project = createProject({
      'package.json': '{ "type": "module", "name": "@acme/Orders App", "version": "1.2.3" }',
      'src/app.ts': HAND_WRITTEN_APP,
      'src/greeting.ts': "export const greeting = 'hello';\n",
      'src/handlers/api.ts': HANDLER,
      'src/workers/default.ts': HANDLER,
    });
  });
  afterAll(() => project.remove());

  it('writes a template, the same again, and tells when it is another', async () => {
    expect(await project.run(['synth', '--check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('template.json is missing'),
    });
    expect(await project.run(['synth'])).toEqual({
      code: 0,
      stdout: '✓ template.json\n',
      stderr: '',
    });
    const text = read('template.json');
    expect(JSON.parse(text)).toMatchObject({
      Description: 'orders-app, made by tenon synth',
      Resources: { FunctionWorkerDefault: { Properties: { Runtime: 'nodejs22.x' } } },
    });
    expect(await project.run(['synth', '--out', '-'])).toEqual({
      code: 0,
      stdout: text,
      stderr: '',
    });
    expect(await project.run(['synth', '--check'])).toMatchObject({ code: 0 });
    writeFileSync(join(project.dir, 'template.json'), text.replace('orders-app', 'other'));
    expect(await project.run(['synth', '--check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('template.json differs from line 3'),
    });
    expect(readdirSync(project.dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes what containers need', async () => {
    const { code, stdout } = await project.run(['synth', '--target', 'container', '--out', 'ops']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        '✓ ops/Dockerfile\n✓ ops/Dockerfile.dockerignore\n✓ ops/compose.yaml\n✓ ops/kubernetes.yaml\n',
    });
    expect(read('ops/kubernetes.yaml')).toContain('image: "orders-app:1.2.3"\n');
    const image = 'registry.example/orders@sha256:0a';
    const args = ['synth', '--target', 'container', '--image', image, '--out=-'];
    expect((await project.run(args)).stdout).toContain(`image: "${image}"\n`);
  });

  it('refuses what would be wrong, and writes nothing', async () => {
    expect(await project.run(['synth', '--out', '../template.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("below the project's folder"),
    });
    expect(await project.run(['synth', '--image', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--image goes with --target container'),
    });
    expect(await project.run(['synth', '--check', '--out', '-'])).toMatchObject({ code: 2 });
    project.write('src/app.ts', HAND_WRITTEN_APP.replace("name: 'default'", "name: 'mail'"));
    expect(await project.run(['synth', '--out', 'other.json'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('make src/workers/mail.ts'),
    });
    expect(existsSync(join(project.dir, 'other.json'))).toBe(false);
  });
});
