/** What became of one message: null when it is done, else the wait before it is shown again (null: the queue's own). */
export type Disposition = null | { readonly delayMs: number | null };

const SKIPPED: Disposition = { delayMs: null };

/** How to work through a batch. */
export interface BatchPlan<Message> {
  readonly messages: readonly Message[];
  /** Never rejects. */
  readonly handle: (message: Message) => Promise<Disposition>;
  readonly concurrency: number;
  /** The group of a message on a FIFO queue; null for messages without order. */
  readonly groupOf: (message: Message) => string | null;
}

/** Groups keep their order; each message without a group stands alone. */
function toSequences<Message>(plan: BatchPlan<Message>): number[][] {
  const byGroup = new Map<string, number[]>();
  const sequences: number[][] = [];
  plan.messages.forEach((message, index) => {
    const group = plan.groupOf(message);
    const sequence = group === null ? undefined : byGroup.get(group);
    if (sequence) {
      sequence.push(index);
      return;
    }
    const fresh = [index];
    if (group !== null) byGroup.set(group, fresh);
    sequences.push(fresh);
  });
  return sequences;
}

/**
 * Handles every message, at most `concurrency` at once, one after another within a group. After a failure the rest of its
 * group is left alone, so that nothing later is acknowledged before it. Answers one disposition per message, in order.
 */
export async function runBatch<Message>(plan: BatchPlan<Message>): Promise<Disposition[]> {
  const dispositions = new Array<Disposition>(plan.messages.length).fill(SKIPPED);
  const next = toSequences(plan).values();
  const lane = async (): Promise<void> => {
    for (const sequence of next) {
      for (const index of sequence) {
        const disposition = await plan.handle(plan.messages[index] as Message);
        dispositions[index] = disposition;
        if (disposition !== null) break;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(plan.concurrency, plan.messages.length) }, lane));
  return dispositions;
}
