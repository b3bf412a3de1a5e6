import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A call that an SQS endpoint has answered. */
export interface QueueCall {
  /** For example `SendMessageBatch`. */
  readonly action: string;
  readonly request: QueueFields;
  readonly answer: QueueFields;
}

/** The fields of requests and answers that are read; those that an action does not have are absent. */
export interface QueueFields {
  readonly QueueUrl?: string;
  readonly Entries?: readonly QueueEntry[];
  readonly Successful?: readonly { readonly Id: string; readonly MessageId?: string }[];
  readonly Messages?: readonly { readonly MessageId: string; readonly ReceiptHandle: string }[];
}

interface QueueEntry {
  readonly Id: string;
  readonly MessageBody?: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
  readonly DelaySeconds?: number;
  readonly ReceiptHandle?: string;
}

/** A message that was sent and not deleted. */
export interface KeptMessage {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  /** Not to be received before. */
  readonly dueAt: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

type Line = { readonly sent: KeptMessage } | { readonly gone: string };

/** The file may have this many lines for each message that is kept, and some for nothing. */
const LINES_PER_MESSAGE = 4;
const FREE_LINES = 2_000;

function lastSegment(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function parseLine(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    // The end of a file whose writer was killed.
    return null;
  }
}

/**
 * Keeps in a file what an SQS endpoint holds in memory: every message that was sent, until it is deleted. Read again, it
 * tells what is to be sent anew; consumers see such messages at least once.
 */
export class QueueJournal {
  readonly #file: string;
  readonly #kept = new Map<string, KeptMessage>();
  readonly #handles = new Map<string, string>();
  #lines = 0;

  constructor(file: string) {
    this.#file = file;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    for (const line of text.split('\n').map(parseLine)) if (line) this.#apply(line);
    this.#rewrite();
  }

  /** In the order in which they were sent. */
  get kept(): readonly KeptMessage[] {
    return [...this.#kept.values()];
  }

  /** Takes notice of a call, `now` in milliseconds. */
  note({ action, request, answer }: QueueCall, now: number): void {
    if (action === 'SendMessageBatch') this.#sent(request, answer, now);
    for (const { MessageId, ReceiptHandle } of answer.Messages ?? []) {
      this.#handles.set(ReceiptHandle, MessageId);
    }
    if (action === 'DeleteMessageBatch') this.#deleted(request);
  }

  /** Its message was sent anew, under an id of its own. */
  forget(id: string): void {
    this.#write([{ gone: id }]);
  }

  #sent(
    { QueueUrl = '', Entries = [] }: QueueFields,
    { Successful = [] }: QueueFields,
    now: number,
  ) {
    const entries = new Map(Entries.map((entry) => [entry.Id, entry]));
    const lines = Successful.map(({ Id, MessageId: id = '' }): Line => {
      const entry = entries.get(Id) ?? { Id };
      const { MessageBody: body = '', DelaySeconds = 0 } = entry;
      const { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = entry;
      const dueAt = now + DelaySeconds * 1_000;
      const order = {
        ...(groupId !== undefined && { groupId }),
        ...(deduplicationId !== undefined && { deduplicationId }),
      };
      return { sent: { id, queue: lastSegment(QueueUrl), body, dueAt, ...order } };
    });
    this.#write(lines);
  }

  #deleted({ Entries = [] }: QueueFields): void {
    const lines: Line[] = [];
    for (const { ReceiptHandle: handle = '' } of Entries) {
      const id = this.#handles.get(handle);
      this.#handles.delete(handle);
      if (id !== undefined && this.#kept.has(id)) lines.push({ gone: id });
    }
    this.#write(lines);
  }

  #apply(line: Line): void {
    if ('sent' in line) this.#kept.set(line.sent.id, line.sent);
    else this.#kept.delete(line.gone);
    this.#lines += 1;
  }

  #write(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    for (const line of lines) this.#apply(line);
    appendFileSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    if (this.#lines > FREE_LINES + LINES_PER_MESSAGE * this.#kept.size) this.#rewrite();
  }

  /** A reader sees the old file or the new one. Inputs of jobs are the owner's alone. */
  #rewrite(): void {
    const unfinished = `${this.#file}.tmp`;
    const lines = this.kept.map((sent) => `${JSON.stringify({ sent })}\n`);
    writeFileSync(unfinished, lines.join(''), { mode: 0o600 });
    renameSync(unfinished, this.#file);
    this.#lines = lines.length;
  }
}
