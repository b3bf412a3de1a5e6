import { posix } from 'node:path';
import type { ContainerShape } from './kubernetes.js';
import type { Yaml } from './yaml.js';

const TENON = ['node', 'node_modules/@tenon/cli/bin/tenon.js'];
const DATABASE_URL = 'postgresql://tenon:${POSTGRES_PASSWORD}@database:5432/tenon';

const AFTER_DATABASE = { database: { condition: 'service_healthy' } };
const AFTER_MIGRATION = { migrate: { condition: 'service_completed_successfully' } };

/** PostgreSQL beside the app. A MongoDB wants a replica set of its own: `DATABASE_URL` of `.env` names it. */
const DATABASE: Yaml = {
  image: 'postgres:17',
  environment: {
    POSTGRES_USER: 'tenon',
    POSTGRES_DB: 'tenon',
    POSTGRES_PASSWORD: '${POSTGRES_PASSWORD:?set it in the environment}',
  },
  volumes: ['database:/var/lib/postgresql/data'],
  healthcheck: {
    test: ['CMD-SHELL', 'pg_isready --username tenon --dbname tenon'],
    interval: '5s',
    retries: 12,
  },
  restart: 'unless-stopped',
};

interface Place {
  readonly image: string;
  readonly mongodb: boolean;
  /** The project's folder, from that of the file. */
  readonly root: string;
  readonly dockerfile: string;
}

function service(
  place: Place,
  args: readonly string[],
  after: Record<string, Yaml>,
): Record<string, Yaml> {
  const { image, mongodb, root, dockerfile } = place;
  const waitsFor = mongodb ? after : { ...after, ...AFTER_DATABASE };
  return {
    image,
    build: { context: root, dockerfile },
    command: [...TENON, ...args, '--app', 'dist/app.js'],
    // TENON_QUEUE_URLS, TENON_ENCRYPTION_KEYS, …
    env_file: posix.join(root, '.env'),
    ...(!mongodb && { environment: { DATABASE_URL } }),
    ...(Object.keys(waitsFor).length > 0 && { depends_on: waitsFor }),
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  };
}

/**
 * The app on one machine: database (unless it is a MongoDB), migration, API and worker. The queue is that of `.env`. Goes into
 * `folder`, a path from the project's.
 */
export function compose(shape: ContainerShape, folder: string): Yaml {
  const { name, image, mongodb = false } = shape;
  const path = folder.replaceAll('\\', '/');
  const root = posix.relative(path, '.');
  const place = { image, mongodb, root, dockerfile: posix.join(path, 'Dockerfile') };
  const runs = { restart: 'unless-stopped', stop_grace_period: '60s' };
  return {
    name,
    services: {
      ...(!mongodb && { database: DATABASE }),
      migrate: service(place, ['migrate', 'deploy'], {}),
      api: {
        ...service(place, ['start', '--no-worker', '--no-scheduler'], AFTER_MIGRATION),
        ports: ['3000:3000'],
        ...runs,
      },
      worker: { ...service(place, ['start', '--no-api'], AFTER_MIGRATION), ...runs },
    },
    ...(!mongodb && { volumes: { database: {} } }),
  };
}
