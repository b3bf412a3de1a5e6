import { waitFor } from './attempt.js';
import type { Attempt } from './attempt.js';
import { DeployError } from './deploy.errors.js';

/** Where the code of a function lies. */
export interface CodePlace {
  readonly bucket: string;
  readonly key: string;
}

/** Gives the function of migrations other code. Nothing else changes, and nothing calls it but us. */
export async function setCode(attempt: Attempt, name: string, place: CodePlace): Promise<void> {
  const { lambda } = attempt.cloud;
  await lambda.updateFunctionCode({
    FunctionName: name,
    S3Bucket: place.bucket,
    S3Key: place.key,
  });
  await waitFor(
    attempt,
    async () => {
      const { LastUpdateStatus, LastUpdateStatusReason, State } =
        await lambda.getFunctionConfiguration({ FunctionName: name });
      if (LastUpdateStatus === 'Failed') {
        const why = LastUpdateStatusReason ?? 'no reason was given';
        throw new DeployError(
          'DEPLOY_FAILED',
          `The function ${name} does not take its code: ${why}`,
        );
      }
      return LastUpdateStatus === 'InProgress' || State === 'Pending' ? null : true;
    },
    () => `The function ${name} does not take its code`,
  );
}

interface Answer {
  readonly applied?: readonly string[];
  readonly errorType?: string;
  readonly errorMessage?: string;
}

function parse(payload: Uint8Array | undefined): Answer {
  try {
    return (JSON.parse(Buffer.from(payload ?? []).toString('utf8')) as Answer | null) ?? {};
  } catch {
    return {};
  }
}

/** A migration that did not succeed; the message is that of the function. */
export class MigrationFailure extends Error {
  override readonly name = 'MigrationFailure';
}

/** Invokes the function of migrations. Answers what it applied. @throws MigrationFailure. */
export async function migrate(attempt: Attempt, name: string): Promise<readonly string[]> {
  const { FunctionError, Payload } = await attempt.cloud.invoker.invoke(
    { FunctionName: name, Payload: Buffer.from('{}') },
    { abortSignal: attempt.signal },
  );
  const { applied, errorType = 'Error', errorMessage } = parse(Payload);
  if (FunctionError === undefined) return applied ?? [];
  throw new MigrationFailure(
    errorMessage === undefined ? FunctionError : `${errorType}: ${errorMessage}`,
  );
}
