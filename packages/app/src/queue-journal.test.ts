import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QueueJournal } from './queue-journal.js';

describe('QueueJournal', () => {
  let folder: string;
  let journalFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-journal-'));
    journalFile = join(folder, 'queue.ndjson');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('does not grow with what is done', () => {
    const journal = new QueueJournal(journalFile);
    const QueueUrl = 'http://127.0.0.1/0/default';
    for (let n = 0; n < 3_000; n += 1) {
      const Id = String(n);
      const sent = { QueueUrl, Entries: [{ Id, MessageBody: `body ${Id}` }] };
      const answer = { Successful: [{ Id, MessageId: Id }] };
      journal.note({ action: 'SendMessageBatch', request: sent, answer }, 0);
      const Messages = [{ MessageId: Id, ReceiptHandle: `handle ${Id}` }];
      journal.note({ action: 'ReceiveMessage', request: { QueueUrl }, answer: { Messages } }, 0);
      if (n === 7) continue;
      const request = { QueueUrl, Entries: [{ Id, ReceiptHandle: `handle ${Id}` }] };
      journal.note({ action: 'DeleteMessageBatch', request, answer: {} }, 0);
    }
    expect(journal.kept.map(({ body }) => body)).toEqual(['body 7']);
    expect(readFileSync(journalFile, 'utf8').split('\n').length).toBeLessThan(2_100);
    expect(new QueueJournal(journalFile).kept).toEqual(journal.kept);
  });
});
