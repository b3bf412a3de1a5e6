import { createHash } from 'node:crypto';
import type { Yaml } from './yaml.js';

/** What manifests are made of. */
export interface ContainerShape {
  /** Name of everything: lower-case letters, digits and dashes. */
  readonly name: string;
  /** `registry.example/my-app:1.2.3`. */
  readonly image: string;
  /** Whether the app keeps its data in MongoDB; default: PostgreSQL. */
  readonly mongodb?: boolean;
}

type Manifest = Readonly<Record<string, Yaml>>;

const PORT = 3000;
const NODE_USER = 1000;
const HASH_LENGTH = 8;
const TENON = ['node', 'node_modules/@tenon/cli/bin/tenon.js'];
const RUN = ['--app', 'dist/app.js'];

type Part = 'api' | 'worker' | 'migrate';

const labels = ({ name }: ContainerShape, part: Part): Manifest => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': part,
});

const probe = (path: string, periodSeconds: number, failureThreshold: number): Yaml => ({
  httpGet: { path, port: 'http' },
  periodSeconds,
  failureThreshold,
  timeoutSeconds: 5,
});

function container(shape: ContainerShape, part: Part, args: readonly string[]): Manifest {
  return {
    name: part,
    image: shape.image,
    command: [...TENON, ...args, ...RUN],
    env: [
      { name: 'NODE_ENV', value: 'production' },
      { name: 'PORT', value: String(PORT) },
    ],
    // DATABASE_URL, TENON_QUEUE_URLS, TENON_ENCRYPTION_KEYS, …: made beside these manifests.
    envFrom: [{ secretRef: { name: shape.name } }],
    resources: {
      requests: { cpu: '100m', memory: '256Mi' },
      limits: { cpu: '1', memory: '512Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

function pod(shape: ContainerShape, part: Part, one: Manifest): Manifest {
  return {
    metadata: { labels: labels(shape, part) },
    spec: {
      serviceAccountName: shape.name,
      automountServiceAccountToken: false,
      // Longer than the 25 seconds that jobs in hand get.
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: NODE_USER,
        runAsGroup: NODE_USER,
        fsGroup: NODE_USER,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...(part === 'migrate' && { restartPolicy: 'Never' }),
      containers: [one],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
    },
  };
}

/** A process that runs on. Workers answer to probes as well; no service leads to them. */
function deployment(
  shape: ContainerShape,
  part: 'api' | 'worker',
  args: readonly string[],
): Manifest {
  const one = {
    ...container(shape, part, ['start', ...args]),
    ports: [{ name: 'http', containerPort: PORT }],
    startupProbe: probe('/health/live', 2, 30),
    livenessProbe: probe('/health/live', 10, 3),
    readinessProbe: probe('/health/ready', 10, 3),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${shape.name}-${part}`, labels: labels(shape, part) },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels(shape, part) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: pod(shape, part, one),
    },
  };
}

/** Jobs cannot be changed: each image has its own. */
function migration(shape: ContainerShape): Manifest {
  const hash = createHash('sha256').update(shape.image).digest('hex').slice(0, HASH_LENGTH);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${shape.name}-migrate-${hash}`, labels: labels(shape, 'migrate') },
    spec: {
      backoffLimit: 3,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 86_400,
      template: pod(shape, 'migrate', container(shape, 'migrate', ['migrate', 'deploy'])),
    },
  };
}

const disruptionBudget = (shape: ContainerShape, part: 'api' | 'worker'): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: `${shape.name}-${part}`, labels: labels(shape, part) },
  spec: { minAvailable: 1, selector: { matchLabels: labels(shape, part) } },
});

/** The manifests of an app, in the order in which they are applied. */
export function kubernetes(shape: ContainerShape): readonly Manifest[] {
  const { name } = shape;
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
      automountServiceAccountToken: false,
    },
    migration(shape),
    deployment(shape, 'api', ['--no-worker', '--no-scheduler']),
    deployment(shape, 'worker', []),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: labels(shape, 'api') },
      spec: {
        selector: labels(shape, 'api'),
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      },
    },
    disruptionBudget(shape, 'api'),
    disruptionBudget(shape, 'worker'),
  ];
}
