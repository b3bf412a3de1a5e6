import { DeleteMessageBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type {
  BatchResultErrorEntry,
  DeleteMessageBatchRequestEntry,
  SendMessageBatchCommandInput,
  SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SqsClient } from './sqs-client.js';

type Fault = Pick<BatchResultErrorEntry, 'SenderFault' | 'Code'>;

/** A client that loses entries of batches on the way and passes the others on to a real endpoint. */
export interface FaultyClient extends SqsClient {
  /** Requests to send, as they were made. */
  readonly sent: SendMessageBatchCommandInput[];
  mostAtOnce: number;
  /** The fault of an entry; null when it is passed on. */
  fail: (entry: SendMessageBatchRequestEntry) => Fault | null;
  failDelete: (entry: DeleteMessageBatchRequestEntry) => boolean;
}

export function faultyClient(real: SQSClient): FaultyClient {
  let active = 0;
  const state = {
    sent: [] as SendMessageBatchCommandInput[],
    mostAtOnce: 0,
    fail: (_entry: SendMessageBatchRequestEntry): Fault | null => null,
    failDelete: (_entry: DeleteMessageBatchRequestEntry): boolean => false,
  };

  async function sendBatch({ QueueUrl, Entries = [] }: SendMessageBatchCommandInput) {
    state.sent.push({ QueueUrl, Entries });
    const faults = Entries.flatMap((entry) => {
      const fault = state.fail(entry);
      return fault ? [{ Id: entry.Id, ...fault }] : [];
    });
    const lost = new Set(faults.map(({ Id }) => Id));
    const passed = Entries.filter(({ Id }) => !lost.has(Id));
    active += 1;
    state.mostAtOnce = Math.max(state.mostAtOnce, active);
    const command = new SendMessageBatchCommand({ QueueUrl, Entries: passed });
    const answer = passed.length > 0 ? await real.send(command) : { Failed: [] };
    active -= 1;
    return { ...answer, Failed: [...(answer.Failed ?? []), ...faults] };
  }

  async function deleteBatch({ input }: DeleteMessageBatchCommand) {
    const lost = (input.Entries ?? []).filter((entry) => state.failDelete(entry));
    const Entries = (input.Entries ?? []).filter((entry) => !lost.includes(entry));
    if (Entries.length > 0) await real.send(new DeleteMessageBatchCommand({ ...input, Entries }));
    return { Failed: lost.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' })) };
  }

  const send = (command: unknown, ...rest: unknown[]): unknown => {
    if (command instanceof SendMessageBatchCommand) return sendBatch(command.input);
    if (command instanceof DeleteMessageBatchCommand) return deleteBatch(command);
    return (real.send as (...args: unknown[]) => unknown).call(real, command, ...rest);
  };
  return Object.assign(state, { send: send as SqsClient['send'] });
}
