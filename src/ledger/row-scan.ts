import { COLUMNS } from './row.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const BRACKET = 0x5b;
const END_BRACKET = 0x5d;
const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** Of the checksum in front of a row, and the blank after it. */
const PREFIX = 9;

/** Column numbers of an `EntryRow`. */
export const COLUMN = {
  path: 1,
  set: 2,
  sourcePath: 3,
  sourceStat: 4,
  audioId: 5,
  tagId: 6,
  sourceSha256: 7,
  recipe: 8,
  encoder: 9,
  stat: 10,
  sha256: 11,
  samples: 12,
  at: 13,
  run: 14,
  worker: 15,
  ms: 16,
  flags: 17,
} as const;

const KIND = Buffer.from('entry');
const NUMERIC = Array.from(COLUMNS.entry, (type) => type === 'n');

/**
 * Finds the columns of an entry's row in the bytes of a shard, without making anything of them. It takes
 * only what `JSON.parse` and `isRow` would take, and not all of that: no escapes, no exponents.
 */
export class RowScan {
  /** Where each column begins and ends, without quotes. */
  readonly #starts = new Int32Array(NUMERIC.length);
  readonly #ends = new Int32Array(NUMERIC.length);
  bytes: Buffer = KIND;

  /** Looks at one line of a shard, without its line end; `false`: it must be parsed. */
  read(bytes: Buffer, from: number, to: number): boolean {
    this.bytes = bytes;
    let at = from + PREFIX;
    if (bytes[at] !== BRACKET) return false;
    for (let column = 0; column < NUMERIC.length; column += 1) {
      if (column > 0 && bytes[at] !== COMMA) return false;
      at = NUMERIC[column] === true ? this.#number(column, at + 1) : this.#string(column, at + 1);
      if (at < 0) return false;
    }
    return bytes[at] === END_BRACKET && at + 1 === to && this.#is(0, KIND);
  }

  start(column: number): number {
    return this.#starts[column] ?? 0;
  }

  end(column: number): number {
    return this.#ends[column] ?? 0;
  }

  length(column: number): number {
    return this.end(column) - this.start(column);
  }

  #is(column: number, text: Buffer): boolean {
    if (this.length(column) !== text.length) return false;
    return text.every((byte, at) => this.bytes[this.start(column) + at] === byte);
  }

  /** Returns where it goes on, or -1. A line end is a control character. */
  #string(column: number, from: number): number {
    const { bytes } = this;
    if (bytes[from] !== QUOTE) return -1;
    let at = from + 1;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte < FIRST_PRINTABLE || byte === BACKSLASH) return -1;
      at += 1;
    }
    this.#starts[column] = from + 1;
    this.#ends[column] = at;
    return at + 1;
  }

  #number(column: number, from: number): number {
    const { bytes } = this;
    let at = this.#digits(from);
    if (at === from || (bytes[from] === ZERO && at > from + 1)) return -1;
    if (bytes[at] === POINT) {
      const fraction = at + 1;
      at = this.#digits(fraction);
      if (at === fraction) return -1;
    }
    this.#starts[column] = from;
    this.#ends[column] = at;
    return at;
  }

  #digits(from: number): number {
    let at = from;
    for (let byte = this.bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = this.bytes[at] ?? 0)
      at += 1;
    return at;
  }
}
