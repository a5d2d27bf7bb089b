/** What a chunk costs beside its bytes. */
const CHUNK_COST = 64;
const EMPTY = Buffer.alloc(0);

/**
 * The bytes of one direction that the other end has not confirmed, by their offsets.
 *
 * A cursor goes through them: what lies before it has been handed to the channel that there is now.
 */
export class ReplayBuffer {
  #chunks: Buffer[] = [];
  /** Index of the first chunk that is kept, and its offset. */
  #head = 0;
  #base = 0;
  #end = 0;
  #acked = 0;
  /** Index of the chunk where the cursor is, and its offset. */
  #next = 0;
  #nextAt = 0;
  #cursor = 0;
  #cost = 0;

  /** Offset behind the last byte. */
  get end(): number {
    return this.#end;
  }

  /** All before this is confirmed. */
  get acked(): number {
    return this.#acked;
  }

  /** Offset of what `next` returns. */
  get cursor(): number {
    return this.#cursor;
  }

  get unsent(): number {
    return this.#end - this.#cursor;
  }

  /** Memory that it holds. */
  get cost(): number {
    return this.#cost;
  }

  append(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#end += chunk.length;
    this.#cost += chunk.length + CHUNK_COST;
  }

  /** The other end keeps all before `offset`. */
  ack(offset: number): void {
    if (offset > this.#end) throw new Error(`Byte ${offset} was confirmed, and never sent.`);
    this.#acked = Math.max(this.#acked, offset);
    this.#trim();
  }

  /** Begins anew at `offset`, on another channel. */
  rewind(offset: number): void {
    if (offset < this.#base || offset > this.#end) throw new Error(`Byte ${offset} is not kept.`);
    let at = this.#base;
    let index = this.#head;
    for (; index < this.#chunks.length; index++) {
      const { length } = this.#chunks[index] as Buffer;
      if (at + length > offset) break;
      at += length;
    }
    this.#next = index;
    this.#cursor = offset;
    this.#nextAt = at;
    this.#trim();
  }

  /** What follows the cursor, as far as it lies in one piece. */
  next(): Buffer | undefined {
    const chunk = this.#chunks[this.#next];
    if (!chunk) return undefined;
    const rest = this.#cursor > this.#nextAt ? chunk.subarray(this.#cursor - this.#nextAt) : chunk;
    this.#next++;
    this.#nextAt += chunk.length;
    this.#cursor = this.#nextAt;
    this.#trim();
    return rest;
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#next = 0;
    this.#base = this.#end;
    this.#cursor = this.#end;
    this.#nextAt = this.#end;
    this.#cost = 0;
  }

  /** What lies before the cursor only: a channel gets all that follows its first byte, even if it is known. */
  #trim(): void {
    while (this.#head < this.#next) {
      const { length } = this.#chunks[this.#head] as Buffer;
      if (this.#base + length > this.#acked) break;
      this.#base += length;
      this.#cost -= length + CHUNK_COST;
      this.#chunks[this.#head] = EMPTY;
      this.#head++;
    }
    if (this.#head < 256 || this.#head * 2 < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#head);
    this.#next -= this.#head;
    this.#head = 0;
  }
}
