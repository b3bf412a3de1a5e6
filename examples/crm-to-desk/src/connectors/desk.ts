import { defineConnector } from '@tenon/core';
import { z } from 'zod';

/** A record as the desk takes it. */
export interface DeskRecord {
  readonly externalId: string;
  readonly name: string;
  readonly country: string;
  readonly population: number;
}

/** The most records that the desk takes in one call. */
export const DESK_BATCH = 500;

const account = z.object({ id: z.string(), name: z.string() });
const batchResult = z.object({
  results: z.array(
    z.object({
      externalId: z.string(),
      status: z.enum(['created', 'updated', 'unchanged', 'rejected']),
      error: z.unknown().optional(),
    }),
  ),
});

export type DeskResult = z.output<typeof batchResult>['results'][number];

/** The desk: an API key, batch upserts that may refuse single records. */
export function deskConnector(baseUrl: string) {
  return defineConnector({
    name: 'desk',
    display: { label: 'Demo desk', description: 'Records of a loopback desk' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } },
    baseUrl,
    api: (http) => ({
      account: () => http.get('/account', { schema: account }),
      upsert: async (
        records: readonly DeskRecord[],
        idempotencyKey: string,
      ): Promise<readonly DeskResult[]> => {
        const answer = await http.post('/records/batch', {
          json: { records },
          schema: batchResult,
          idempotencyKey,
        });
        return answer.results;
      },
    }),
    identity: async (api) => {
      const { id, name } = await api.account();
      return { externalId: id, name };
    },
  });
}
