import { ByteArena } from './byte-arena.js';
import type { FieldValue } from './record-rules.js';

export type Fields = Readonly<Record<string, FieldValue>>;
export type Written = 'created' | 'updated' | 'unchanged';

/** A record as the desk gives it back. */
export type StoredRecord = Fields & { readonly externalId: string };

const FIRST_CAPACITY = 1024;

/**
 * Keeps a million records in moderate memory: values as bytes outside of the heap, field names once
 * per combination, and per record one map entry and a few numbers.
 */
export class RecordStore {
  readonly #slots = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #shapes: (readonly string[])[] = [];
  readonly #shapeNumbers = new Map<string, number>();
  readonly #arena = new ByteArena();
  #offsets = new Float64Array(FIRST_CAPACITY);
  #lengths = new Uint16Array(FIRST_CAPACITY);
  #writes = new Uint8Array(FIRST_CAPACITY);

  get count(): number {
    return this.#ids.length;
  }

  /**
   * Writes a record and tells whether that changed anything.
   * @throws RangeError when its fields take more than 65,535 bytes.
   */
  upsert(externalId: string, fields: Fields): Written {
    const bytes = this.#encode(fields);
    const slot = this.#slots.get(externalId);
    if (slot === undefined) {
      this.#create(externalId, bytes);
      return 'created';
    }
    if (this.#bytesOf(slot).equals(bytes)) return 'unchanged';
    this.#replace(slot, bytes);
    return 'updated';
  }

  get(externalId: string): StoredRecord | undefined {
    const slot = this.#slots.get(externalId);
    return slot === undefined ? undefined : this.#read(slot);
  }

  /** Up to `limit` records from a position, in the order in which they were created. */
  slice(start: number, limit: number): StoredRecord[] {
    const end = Math.min(this.count, start + limit);
    const records: StoredRecord[] = [];
    for (let slot = start; slot < end; slot += 1) records.push(this.#read(slot));
    return records;
  }

  /** How many records had one changing write, two, three …; 255 stands for all above. */
  writesHistogram(): Record<string, number> {
    const histogram: Record<string, number> = {};
    for (let slot = 0; slot < this.count; slot += 1) {
      const writes = String(this.#writes[slot]);
      histogram[writes] = (histogram[writes] ?? 0) + 1;
    }
    return histogram;
  }

  #create(externalId: string, bytes: Buffer): void {
    const slot = this.#ids.length;
    if (slot === this.#lengths.length) this.#grow();
    this.#offsets[slot] = this.#arena.append(bytes);
    this.#lengths[slot] = bytes.length;
    this.#writes[slot] = 1;
    this.#ids.push(externalId);
    this.#slots.set(externalId, slot);
  }

  #replace(slot: number, bytes: Buffer): void {
    const fits = bytes.length <= (this.#lengths[slot] ?? 0);
    if (fits) this.#arena.overwrite(this.#offsets[slot] ?? 0, bytes);
    else this.#offsets[slot] = this.#arena.append(bytes);
    this.#lengths[slot] = bytes.length;
    this.#writes[slot] = Math.min(255, (this.#writes[slot] ?? 0) + 1);
  }

  #read(slot: number): StoredRecord {
    const externalId = this.#ids[slot];
    if (externalId === undefined) throw new RangeError(`There is no record at ${slot}.`);
    const text = this.#bytesOf(slot).toString('utf8');
    const [shape, ...values] = JSON.parse(text) as [number, ...FieldValue[]];
    const fields = this.#shapes[shape]?.map((name, index) => [name, values[index] ?? null]) ?? [];
    return { externalId, ...(Object.fromEntries(fields) as Fields) };
  }

  #bytesOf(slot: number): Buffer {
    return this.#arena.view(this.#offsets[slot] ?? 0, this.#lengths[slot] ?? 0);
  }

  #encode(fields: Fields): Buffer {
    const names = Object.keys(fields).sort();
    const values: unknown[] = [this.#shapeNumber(names)];
    for (const name of names) values.push(fields[name]);
    return Buffer.from(JSON.stringify(values));
  }

  #shapeNumber(names: readonly string[]): number {
    const key = names.join('\n');
    let shape = this.#shapeNumbers.get(key);
    if (shape === undefined) {
      shape = this.#shapes.push(names) - 1;
      this.#shapeNumbers.set(key, shape);
    }
    return shape;
  }

  #grow(): void {
    const capacity = this.#lengths.length * 2;
    const offsets = new Float64Array(capacity);
    const lengths = new Uint16Array(capacity);
    const writes = new Uint8Array(capacity);
    offsets.set(this.#offsets);
    lengths.set(this.#lengths);
    writes.set(this.#writes);
    [this.#offsets, this.#lengths, this.#writes] = [offsets, lengths, writes];
  }
}
