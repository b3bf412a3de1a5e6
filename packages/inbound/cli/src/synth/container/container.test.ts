import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';

import { runCli } from '../../cli.js';
import { recordingIo } from '../../recording-io.fixture.js';
import { containerFiles, kubernetesText } from './container-files.js';
import { schemaProblems } from './kubernetes-schema.fixture.js';
import { kubernetes } from './kubernetes.js';
import { toYaml } from './yaml.js';
import type { Yaml } from './yaml.js';

const shape = { name: 'my-app', image: 'registry.example/my-app:1.2.3' };

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly livenessProbe?: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
}

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector?: unknown;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly securityContext: unknown;
        readonly containers: readonly Container[];
      };
    };
  };
}

const workloads = (of = shape): Workload[] =>
  (kubernetes(of) as unknown as Workload[]).filter(({ kind }) => /^(Deployment|Job)$/.test(kind));

describe('the manifests for Kubernetes', () => {
  it("fit Kubernetes' schemas, and are what is written", () => {
    expect(kubernetes(shape).flatMap(schemaProblems)).toEqual([]);
    const written = parseAllDocuments(kubernetesText(shape)).map((each) => each.toJS() as unknown);
    expect(written).toEqual(kubernetes(shape));
  });

  it('run without rights, read-only, within limits, with secrets by reference', () => {
    expect(workloads()).toHaveLength(3);
    for (const { spec } of workloads()) {
      const { securityContext, containers } = spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      for (const container of containers) {
        expect(container).toMatchObject({
          envFrom: [{ secretRef: { name: 'my-app' } }],
          resources: { limits: { memory: '512Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        });
      }
    }
  });

  it('are asked for their health where they run on, and reach only the API', () => {
    const [job, api, worker] = workloads();
    for (const { spec } of [api, worker].filter((each) => each !== undefined)) {
      const [container] = spec.template.spec.containers;
      expect(container?.livenessProbe?.httpGet.path).toBe('/health/live');
      expect(container?.readinessProbe?.httpGet.path).toBe('/health/ready');
      expect(spec.selector).toEqual({ matchLabels: spec.template.metadata.labels });
    }
    expect(job?.spec.template.spec.containers[0]?.command).toContain('migrate');
    const service = kubernetes(shape).find(({ kind }) => kind === 'Service');
    expect(service?.['spec']).toMatchObject({ selector: api?.spec.template.metadata.labels });
  });

  it('have a migration for each image', () => {
    const nameOf = (image: string): string =>
      workloads({ ...shape, image })[0]?.metadata.name ?? '';
    expect(nameOf('my-app:1')).toBe(nameOf('my-app:1'));
    expect(nameOf('my-app:1')).not.toBe(nameOf('my-app:2'));
  });

  it.each([
    [{ apiVersion: 'v1', kind: 'Pod' }, 'There is no Pod of v1'],
    [{ apiVersion: 'v1', kind: 'Service', spec: { prots: [] } }, '/spec/prots is unknown'],
    [{ apiVersion: 'v1', kind: 'Service', spec: { ports: 80 } }, 'data/spec/ports must be array'],
    [
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { selector: { match: {} } } },
      '/spec/selector/match is unknown',
    ],
  ])('would not pass with %j', (manifest, problem) => {
    expect(schemaProblems(manifest)).toEqual([problem]);
  });
});

it('compose runs the same parts, after the migration', () => {
  const text = containerFiles(shape, 'ops/deploy').get('compose.yaml') ?? '';
  const { services } = parse(text) as {
    services: Record<string, { build?: unknown; env_file?: string; depends_on?: object }>;
  };
  expect(Object.keys(services)).toEqual(['database', 'migrate', 'api', 'worker']);
  expect(services['api']).toMatchObject({
    build: { context: '../..', dockerfile: 'ops/deploy/Dockerfile' },
    env_file: '../../.env',
    depends_on: { migrate: { condition: 'service_completed_successfully' } },
    read_only: true,
  });
  expect(text).not.toMatch(/password: *[a-z0-9]/i);
});

it('compose leaves a MongoDB, which the dependencies tell, to the address of .env', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tenon-compose-'));
  try {
    const dependencies = { '@tenon/persistence-mongodb': '0.1.0' };
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'shop', dependencies }));
    expect(await runCli(['synth', '--target', 'container'], recordingIo({ cwd }))).toBe(0);
    const text = readFileSync(join(cwd, 'deploy/compose.yaml'), 'utf8');
    const { services } = parse(text) as { services: Record<string, Record<string, unknown>> };
    expect(Object.keys(services)).toEqual(['migrate', 'api', 'worker']);
    expect(services['migrate']).toMatchObject({ env_file: '../.env' });
    expect(services['migrate']).not.toHaveProperty('depends_on');
    expect(services['api']).toMatchObject({
      depends_on: { migrate: { condition: 'service_completed_successfully' } },
    });
    expect(text).not.toMatch(/DATABASE_URL|postgres|database/i);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

it('YAML says what was meant, whatever it is', () => {
  const { value } = fc.letrec<{ value: Yaml; key: string }>((tie) => ({
    key: fc.oneof(fc.string(), fc.constantFrom('on', 'null', '1', 'a: b', '- a', '#', '')),
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.string(), fc.constantFrom('no', 'True', '0x1', '1e3', '~', '2026-01-01', 'a #b')),
      fc.oneof(fc.integer(), fc.boolean()),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(tie('key'), tie('value'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, (each) => {
      const meant = JSON.parse(JSON.stringify(each)) as unknown;
      expect(parse(toYaml(each))).toEqual(meant);
      expect(parse(toYaml(each), { version: '1.1' })).toEqual(meant);
    }),
  );
});
