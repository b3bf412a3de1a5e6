import type * as Sqs from '@aws-sdk/client-sqs';
import { MisconfiguredError } from '@tenon/core';

/** What this adapter takes of the AWS SDK. */
export type SqsModule = typeof import('./sqs-sdk.js').sqsSdk;

/** What this adapter needs of an `SQSClient`. */
export type SqsClient = Pick<Sqs.SQSClient, 'send'> & Partial<Pick<Sqs.SQSClient, 'destroy'>>;

/** The SDK and a client of it. */
export interface LoadedSqs {
  readonly sdk: SqsModule;
  readonly client: SqsClient;
}

/** How to reach SQS. */
export interface SqsConnection {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly client: SqsClient | undefined;
  readonly requestTimeoutMs: number;
}

async function importSdk(): Promise<SqsModule> {
  try {
    return (await import('./sqs-sdk.js')).sqsSdk;
  } catch (cause) {
    throw new MisconfiguredError(
      "The SQS queue needs the package '@aws-sdk/client-sqs': npm install @aws-sdk/client-sqs",
      { cause: cause instanceof Error ? cause.message : 'unknown' },
    );
  }
}

/** Loads the SDK on first use: it costs a function some 70 ms of its cold start. */
export async function loadSqs(connection: SqsConnection): Promise<LoadedSqs> {
  const sdk = await importSdk();
  const client =
    connection.client ??
    new sdk.SQSClient({
      ...(connection.region !== undefined && { region: connection.region }),
      ...(connection.endpoint !== undefined && { endpoint: connection.endpoint }),
      maxAttempts: 3,
      // Without these, a connection that went silent keeps a receive waiting for ever.
      requestHandler: {
        connectionTimeout: Math.min(5_000, connection.requestTimeoutMs),
        requestTimeout: connection.requestTimeoutMs,
        throwOnRequestTimeout: true,
      },
    });
  return { sdk, client };
}
