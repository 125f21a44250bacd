import type { ImageReader, ImageWriter } from './image-parts.js';
import { RecordReader, RecordWriter } from './record-bytes.js';
import { hashOf, isSameBytes, isSameText, RecordStore } from './record-store.js';

/** Of libraries whose outputs' names have little to do with their sources', the first ones are kept. */
const MOST_FORMS = 4096;
/** A shorter part in common is not worth a form. */
const LEAST_COMMON = 8;
const POINT = 0x2e;
const SLASH = 0x2f;

/** Some bytes of a buffer. */
export interface Span {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** What of one path makes it another's: the rest of it is that path without its first and last bytes. */
interface Form {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly withoutFirst: number;
  readonly withoutLast: number;
}

/**
 * Paths as forms of other paths. An output is mostly called as its source is, but for the folder in front
 * and the extension; so a library has a handful of forms, and a number stands for the rest of the path.
 * All paths are bytes of UTF-8.
 */
export class PathForms {
  readonly #forms: Form[] = [];
  #keys = new RecordStore();
  readonly #writer = new RecordWriter();

  static restore(from: ImageReader): PathForms {
    const forms = new PathForms();
    forms.#keys = RecordStore.restore(from);
    const reader = new RecordReader();
    for (let number = 0; number < forms.#keys.length; number += 1) {
      reader.open(forms.#keys, number);
      const [head, tail] = [reader.textBytes(), reader.textBytes()];
      forms.#forms.push({ head, tail, withoutFirst: reader.size(), withoutLast: reader.size() });
    }
    return forms;
  }

  save(to: ImageWriter): void {
    this.#keys.save(to);
  }

  /** The number of the form that `path` is of `other`; -1: it is none, or too long, or there are too many. */
  of(path: Span, other: Span): number {
    const [end, otherEnd] = [stemEnd(path), stemEnd(other)];
    const most = Math.min(end - path.from, otherEnd - other.from);
    let common = 0;
    while (common < most && path.bytes[end - common - 1] === other.bytes[otherEnd - common - 1])
      common += 1;
    if (common < LEAST_COMMON) return -1;
    return this.#number(path, {
      head: { from: path.from, to: end - common },
      tail: { from: end, to: path.to },
      withoutFirst: otherEnd - common - other.from,
      withoutLast: other.to - otherEnd,
    });
  }

  /** Whether the form of `other` is these bytes. */
  isPath(number: number, other: Span, path: Span): boolean {
    const { head, tail, withoutFirst, withoutLast } = this.#at(number);
    const common = other.to - other.from - withoutFirst - withoutLast;
    if (head.length + common + tail.length !== path.to - path.from) return false;
    const begin = path.from + head.length;
    return (
      isSameBytes(other.bytes, other.from + withoutFirst, {
        in: path.bytes,
        at: begin,
        size: common,
      }) &&
      isSameBytes(head, 0, { in: path.bytes, at: path.from, size: head.length }) &&
      isSameBytes(tail, 0, { in: path.bytes, at: begin + common, size: tail.length })
    );
  }

  /** The same of a text; `false` of all that is not ASCII. */
  isText(number: number, other: Span, text: string): boolean {
    const { head, tail, withoutFirst, withoutLast } = this.#at(number);
    const common = other.to - other.from - withoutFirst - withoutLast;
    if (head.length + common + tail.length !== text.length) return false;
    const first = other.from + withoutFirst;
    return (
      isSameText(text, head.length + common, { in: tail, at: 0, size: tail.length }) &&
      isSameText(text, head.length, { in: other.bytes, at: first, size: common }) &&
      isSameText(text, 0, { in: head, at: 0, size: head.length })
    );
  }

  /** The form of `other`. */
  path(number: number, other: Span): string {
    const { head, tail, withoutFirst, withoutLast } = this.#at(number);
    const common = other.bytes.subarray(other.from + withoutFirst, other.to - withoutLast);
    return Buffer.concat([head, common, tail]).toString();
  }

  #at(number: number): Form {
    const form = this.#forms[number];
    if (form === undefined) throw new RangeError('no form has that number');
    return form;
  }

  #number({ bytes }: Span, { head, tail, withoutFirst, withoutLast }: Cut): number {
    const writer = this.#writer;
    writer.begin();
    const isShort =
      writer.text(bytes, head.from, head.to) &&
      writer.text(bytes, tail.from, tail.to) &&
      writer.size(withoutFirst) &&
      writer.size(withoutLast);
    if (!isShort) return -1;
    const hash = hashOf(writer.bytes, 0, writer.length);
    const known = this.#keys.find(hash, writer.bytes, writer.length);
    if (known >= 0 || this.#forms.length === MOST_FORMS) return known;
    this.#forms.push({
      head: Buffer.from(bytes.subarray(head.from, head.to)),
      tail: Buffer.from(bytes.subarray(tail.from, tail.to)),
      withoutFirst,
      withoutLast,
    });
    return this.#keys.add(hash, writer.bytes, writer.length);
  }
}

/** A form before it is known whether there is one like it. */
interface Cut {
  readonly head: Omit<Span, 'bytes'>;
  readonly tail: Omit<Span, 'bytes'>;
  readonly withoutFirst: number;
  readonly withoutLast: number;
}

/** Where the file's extension begins, or the path ends. */
function stemEnd({ bytes, from, to }: Span): number {
  for (let at = to - 1; at >= from && bytes[at] !== SLASH; at -= 1) {
    if (bytes[at] === POINT) return at;
  }
  return to;
}
