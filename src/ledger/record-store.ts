import type { ImageReader, ImageWriter } from './image-parts.js';

const LEAST_NUMBERS = 1024;
const MOST_EXPECTED = 2 ** 22;

/** 32-bit integers, to which more are added. */
export class Integers {
  #values: Int32Array;
  #length = 0;

  /** `expected`: how many there will be, about. */
  constructor(expected = 0) {
    this.#values = new Int32Array(atLeast(expected));
  }

  static restore(from: ImageReader): Integers {
    const integers = new Integers();
    integers.#values = from.integers();
    integers.#length = integers.#values.length;
    return integers;
  }

  save(to: ImageWriter): void {
    to.integers(this.#values.subarray(0, this.#length));
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const old = this.#values;
      this.#values = new Int32Array(Math.max(LEAST_NUMBERS, 2 * old.length));
      this.#values.set(old);
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }
}

export const FIRST_BEYOND_ASCII = 0x80;
/** Of the length in front of a text. */
export const LENGTH_BYTES = 2;
const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << CHUNK_BITS;
const MOST_CHUNKS = 2 ** (31 - CHUNK_BITS);

/**
 * Byte strings in a few large buffers, found again by a hash: what a million objects would cost in
 * memory and garbage collection, these do not. Records are numbered from 0 in the order in which they
 * came; none is ever removed. A record must say itself where it ends, and be shorter than 1 MiB.
 */
export class RecordStore {
  readonly #chunks: Buffer[] = [];
  #used = CHUNK_BYTES;
  #addresses: Integers;
  #hashes: Integers;
  /** Open addressing; number of the record + 1. */
  #slots: Int32Array;
  #sought = 0;
  #slot = 0;

  /** `expected`: how many there will be, about. */
  constructor(expected = 0) {
    this.#addresses = new Integers(expected);
    this.#hashes = new Integers(expected);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * atLeast(expected))));
  }

  static restore(from: ImageReader): RecordStore {
    const store = new RecordStore();
    store.#addresses = Integers.restore(from);
    store.#hashes = Integers.restore(from);
    store.#slots = from.integers();
    for (let chunks = from.number(); chunks > 0; chunks -= 1) store.#chunks.push(from.bytes());
    return store;
  }

  save(to: ImageWriter): void {
    this.#addresses.save(to);
    this.#hashes.save(to);
    to.integers(this.#slots);
    to.number(this.#chunks.length);
    const last = this.#chunks.length - 1;
    for (const [number, chunk] of this.#chunks.entries())
      to.bytes(number === last ? chunk.subarray(0, this.#used) : chunk);
  }

  get length(): number {
    return this.#addresses.length;
  }

  /** Of another record; 2 GiB of them are the most. */
  get hasRoom(): boolean {
    return this.#chunks.length < MOST_CHUNKS;
  }

  /** Returns its number. */
  add(hash: number, record: Buffer, length: number): number {
    if (this.#used + length > CHUNK_BYTES) {
      // What nobody wrote to is saved, too.
      this.#chunks.push(Buffer.alloc(CHUNK_BYTES));
      this.#used = 0;
    }
    const chunk = this.#chunks.length - 1;
    const number = this.#addresses.length;
    const address = chunk * CHUNK_BYTES + this.#used;
    record.copy(this.chunkOf(address), this.#used, 0, length);
    this.#addresses.push(address);
    this.#hashes.push(hash);
    this.#used += length;
    if (2 * number >= this.#slots.length) this.#grow();
    else this.#place(number);
    return number;
  }

  /** The number of an equal record, or -1. */
  find(hash: number, record: Buffer, length: number): number {
    let number = this.seek(hash);
    while (number >= 0 && !this.beginsWith(number, record, length)) number = this.next();
    return number;
  }

  /** The first record of this hash, or -1. */
  seek(hash: number): number {
    this.#sought = hash;
    this.#slot = hash & (this.#slots.length - 1);
    return this.#look();
  }

  /** The one after it; nothing may be sought or added meanwhile. */
  next(): number {
    this.#slot = (this.#slot + 1) & (this.#slots.length - 1);
    return this.#look();
  }

  beginsWith(number: number, bytes: Buffer, length: number): boolean {
    const chunk = this.chunkOf(this.addressOf(number));
    const from = offsetIn(this.addressOf(number));
    return isSameBytes(chunk, from, { in: bytes, at: 0, size: length });
  }

  /** Whether its first text is this one; `false` of all that is not ASCII. */
  beginsWithText(number: number, text: string): boolean {
    const chunk = this.chunkOf(this.addressOf(number));
    const from = offsetIn(this.addressOf(number));
    if (sizeAt(chunk, from) !== text.length) return false;
    return isSameText(text, 0, { in: chunk, at: from + LENGTH_BYTES, size: text.length });
  }

  addressOf(number: number): number {
    return this.#addresses.at(number);
  }

  /** The buffer that holds what is at an address, at `offsetIn` it. */
  chunkOf(address: number): Buffer {
    const chunk = this.#chunks[address >>> CHUNK_BITS];
    if (chunk === undefined) throw new RangeError('no record has that number');
    return chunk;
  }

  #look(): number {
    for (;;) {
      const number = (this.#slots[this.#slot] ?? 0) - 1;
      if (number < 0 || this.#hashes.at(number) === this.#sought) return number;
      this.#slot = (this.#slot + 1) & (this.#slots.length - 1);
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 0; number < this.length; number += 1) this.#place(number);
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes.at(number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }
}

/** The length that stands in front of a text. */
export function sizeAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** Some bytes of a buffer, to compare something with. */
interface Part {
  readonly in: Buffer;
  readonly at: number;
  readonly size: number;
}

/** Whether the same bytes begin at `from`. From their end: records that stand side by side begin alike. */
export function isSameBytes(bytes: Buffer, from: number, part: Part): boolean {
  for (let index = part.size - 1; index >= 0; index -= 1) {
    if (bytes[from + index] !== part.in[part.at + index]) return false;
  }
  return true;
}

/** The same of a text; `false` of all that is not ASCII. */
export function isSameText(text: string, from: number, part: Part): boolean {
  for (let index = part.size - 1; index >= 0; index -= 1) {
    const code = text.charCodeAt(from + index);
    if (code >= FIRST_BEYOND_ASCII || code !== part.in[part.at + index]) return false;
  }
  return true;
}

/** Where nobody writes yet, the system has no memory either. */
function atLeast(expected: number): number {
  return Math.max(LEAST_NUMBERS, Math.ceil(Math.min(expected, MOST_EXPECTED)));
}

/** Where in its buffer an address is. */
export function offsetIn(address: number): number {
  return address & (CHUNK_BYTES - 1);
}

/** Of some bytes (FNV-1a, its low bits mixed once more). */
export function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}
