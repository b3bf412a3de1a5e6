import type { Connection, PoolClient, Submittable } from 'pg';

/** The driver's side of a connection, as far as its types leave it out. */
interface Wire extends Connection {
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

type Callback = (error: Error | null, rows: number) => void;

/** `COPY … FROM STDIN` with rows that are there already: one statement, which adds all of them or none. */
export class CopyQuery implements Submittable {
  readonly #text: string;
  #body: readonly Uint8Array[];
  #rows = 0;
  /** The driver puts one of its own around it, which ends the time-out. */
  callback: Callback = () => undefined;

  constructor(text: string, body: readonly Uint8Array[]) {
    this.#text = text;
    this.#body = body;
  }

  /** Answers how many rows came. */
  sendOn(client: PoolClient): Promise<number> {
    return new Promise((resolve, reject) => {
      this.callback = (error, rows) => {
        if (error) reject(error);
        else resolve(rows);
      };
      client.query(this);
    });
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: Wire): void {
    for (const piece of this.#body) connection.sendCopyFromChunk(piece);
    connection.endCopyFrom();
    // The driver and its timers link one query to the next: once one has grown old in memory, all after it would.
    this.#body = [];
  }

  /** `COPY 1000`. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(text.replace('COPY ', ''));
  }

  handleError(error: Error): void {
    this.callback(error, 0);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#rows);
  }
}
