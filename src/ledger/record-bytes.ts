import { FIRST_BEYOND_ASCII, LENGTH_BYTES, offsetIn, sizeAt } from './record-store.js';
import type { RecordStore } from './record-store.js';

/*
 * How records are packed. A text is its length in two bytes (little endian) and its UTF-8, or the number of
 * the form that it is of another record's text (`PathForms`); what consists of the sixteen characters below,
 * and a hexadecimal text, take half a byte each.
 */

/** Of stats, times and numbers. The last one ends them, and fills up the last byte. */
const DIGITS = '0123456789:-.TZ,';
const END = 15;
const HEX = '0123456789abcdef';
const NONE = 255;
/** A longer text is not packed; no system call takes a longer path. */
const MAX_TEXT = 4096;
const MAX_RECORD = 8 * MAX_TEXT;
const MAX_SIZE = 2 ** 16 - 1;
/** A length from here on is no length, but the number of a form. */
const FORM = 2 ** 15;

export const SHA256_DIGITS = 64;

const DIGIT_CODES = codesOf(DIGITS.slice(0, END));
const HEX_CODES = codesOf(HEX);
const DIGIT_BYTES = Buffer.from(DIGITS);

/** Of some dozen bytes: `Buffer.copy` takes longer to begin than this to end. */
function copyShort(
  from: Buffer,
  start: number,
  { to, at, size }: { readonly to: Buffer; readonly at: number; readonly size: number },
): void {
  for (let byte = 0; byte < size; byte += 1) to[at + byte] = from[start + byte] ?? 0;
}

function codesOf(characters: string): Uint8Array {
  const codes = new Uint8Array(256).fill(NONE);
  for (const [code, byte] of Buffer.from(characters).entries()) codes[byte] = code;
  return codes;
}

/** Packs one record after the other. What returns `false` cannot be packed. */
export class RecordWriter {
  readonly bytes: Buffer = Buffer.alloc(MAX_RECORD);
  length = 0;

  /** How many bytes the text takes that came first, its length included. */
  get firstText(): number {
    return LENGTH_BYTES + sizeAt(this.bytes, 0);
  }

  begin(): void {
    this.length = 0;
  }

  /** In the place of a text that follows from another record: the number of its form. */
  form(number: number): boolean {
    return this.size(FORM | number);
  }

  /** Below 2 ** 16, in two bytes. */
  size(value: number): boolean {
    if (this.length + LENGTH_BYTES > MAX_RECORD || value > MAX_SIZE) return false;
    this.length = this.#textLength(value);
    return true;
  }

  /** Bytes of UTF-8, as they are. */
  text(from: Buffer, start: number, end: number): boolean {
    const size = end - start;
    if (size > MAX_TEXT || this.length + size + LENGTH_BYTES > MAX_RECORD) return false;
    const at = this.#textLength(size);
    copyShort(from, start, { to: this.bytes, at, size });
    this.length = at + size;
    return true;
  }

  string(text: string): boolean {
    if (text.length > MAX_TEXT) return false;
    const begin = this.length + LENGTH_BYTES;
    const size = this.#ascii(text, begin) ? text.length : this.bytes.write(text, begin);
    this.#textLength(size);
    this.length = begin + size;
    return size <= MAX_TEXT;
  }

  /** Most of what is asked for; for so few bytes a call of `Buffer.write` takes three times as long. */
  #ascii(text: string, begin: number): boolean {
    const { bytes } = this;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= FIRST_BEYOND_ASCII) return false;
      bytes[begin + at] = code;
    }
    return true;
  }

  byte(value: number): boolean {
    if (this.length === MAX_RECORD) return false;
    this.bytes[this.length] = value;
    this.length += 1;
    return true;
  }

  digits(from: Buffer, start: number, end: number): boolean {
    if (end - start > MAX_TEXT) return false;
    const { bytes } = this;
    let { length } = this;
    let at = start;
    for (; at + 1 < end; at += 2) {
      const high = DIGIT_CODES[from[at] ?? 0] ?? NONE;
      const low = DIGIT_CODES[from[at + 1] ?? 0] ?? NONE;
      if (high === NONE || low === NONE) return false;
      bytes[length++] = (high << 4) | low;
    }
    const last = at < end ? (DIGIT_CODES[from[at] ?? 0] ?? NONE) : END;
    if (last === NONE) return false;
    bytes[length++] = (last << 4) | END;
    this.length = length;
    return true;
  }

  /** Of exactly `size` characters. */
  hex(from: Buffer, start: number, size: number): boolean {
    const { bytes } = this;
    let { length } = this;
    for (let at = start; at < start + size; at += 2) {
      const high = HEX_CODES[from[at] ?? 0] ?? NONE;
      const low = HEX_CODES[from[at + 1] ?? 0] ?? NONE;
      if (high === NONE || low === NONE) return false;
      bytes[length++] = (high << 4) | low;
    }
    this.length = length;
    return true;
  }

  #textLength(size: number): number {
    this.bytes[this.length] = size & 0xff;
    this.bytes[this.length + 1] = size >>> 8;
    return this.length + LENGTH_BYTES;
  }
}

/** The form that stands here in the place of a text; -1: a text does. */
export function formAt(bytes: Buffer, at: number): number {
  return sizeAt(bytes, at) >= FORM ? sizeAt(bytes, at) - FORM : -1;
}

/** Reads a packed record from its begin on. */
export class RecordReader {
  readonly #scratch: Buffer = Buffer.alloc(2 * MAX_TEXT);
  #bytes: Buffer = this.#scratch;
  #at = 0;

  /** At the begin of a record in a store. */
  open(store: RecordStore, number: number): this {
    const address = store.addressOf(number);
    return this.begin(store.chunkOf(address), offsetIn(address));
  }

  begin(bytes: Buffer, at = 0): this {
    this.#bytes = bytes;
    this.#at = at;
    return this;
  }

  text(): string {
    const from = this.#at + LENGTH_BYTES;
    this.skipText();
    return this.#bytes.toString('utf8', from, this.#at);
  }

  /** The bytes of a text; good for as long as those of the record. */
  textBytes(): Buffer {
    const from = this.#at + LENGTH_BYTES;
    this.skipText();
    return this.#bytes.subarray(from, this.#at);
  }

  size(): number {
    const size = sizeAt(this.#bytes, this.#at);
    this.#at += LENGTH_BYTES;
    return size;
  }

  /** A form takes the place of one, too. */
  skipText(): void {
    const size = sizeAt(this.#bytes, this.#at);
    this.#at += LENGTH_BYTES + (size >= FORM ? 0 : size);
  }

  byte(): number {
    const value = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  digits(): string {
    let length = 0;
    for (;;) {
      const byte = this.byte();
      const high = byte >>> 4;
      const low = byte & 15;
      if (high === END) break;
      this.#scratch[length++] = DIGIT_BYTES[high] ?? 0;
      if (low === END) break;
      this.#scratch[length++] = DIGIT_BYTES[low] ?? 0;
    }
    return this.#scratch.toString('latin1', 0, length);
  }

  skipDigits(): void {
    for (;;) if ((this.byte() & END) === END) return;
  }

  hex(size: number): string {
    const from = this.#at;
    this.#at += size / 2;
    return this.#bytes.toString('hex', from, this.#at);
  }
}
