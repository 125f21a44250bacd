import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ByteRange, Reading } from './byte-reading.js';
import { problem } from './problem.js';
import type { SourceProblem } from './source.js';

/*
 * FLAC in Ogg (the mapping of RFC 9639, section 10.1): a packet with nine bytes of its own, the marker
 * `fLaC` and STREAMINFO; a packet for each further metadata block; one for each frame. So what is in the
 * pages, one behind the other and without the nine bytes, is a FLAC file as it stands without Ogg.
 */

const MAPPING_BYTES = 9;
/** Of the first page, whose table of segment lengths has one entry: marker and major version. */
const MAPPING_AT = 28;
const MAPPING = '\x7fFLAC\x01';
/** How many bytes `isOggFlac` looks at. */
export const OGG_SNIFF_BYTES: number = MAPPING_AT + MAPPING.length;

const PAGE_HEADER_BYTES = 27;
/** Metadata of 250 MB; keeps a hostile file of empty pages from being walked for minutes. */
const MAX_PAGES = 4096;

/** Whether a file that begins with `head` is FLAC in Ogg. */
export function isOggFlac(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, OGG_SNIFF_BYTES)).toString('latin1');
  return text.startsWith('OggS') && text.startsWith(MAPPING, MAPPING_AT);
}

/** Runs a parser of FLAC over a file of `sizeBytes`, through the pages of Ogg where the file has them. */
export function* throughOgg<T>(
  sizeBytes: number,
  reading: Reading<Result<T, SourceProblem>>,
): Reading<Result<T, SourceProblem>> {
  const head = yield { offset: 0, length: Math.min(OGG_SNIFF_BYTES, sizeBytes) };
  if (!isOggFlac(head)) return yield* reading;
  const pages = new OggPages(sizeBytes);
  let step = reading.next();
  while (step.done !== true) {
    const bytes = yield* pages.read(step.value);
    if (!bytes.ok) return bytes;
    step = reading.next(bytes.value);
  }
  return step.value;
}

/** What a page holds: `length` bytes at `offset` of the file, which are those at `start` of the stream. */
interface PageBody extends ByteRange {
  readonly start: number;
}

/** The pages at the beginning of a file, found as far as they are asked for. */
class OggPages {
  readonly #sizeBytes: number;
  readonly #bodies: PageBody[] = [];
  #serial: number | undefined;
  #current = 0;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  /** Bytes of the stream, in memory of their own. */
  *read({ offset, length }: ByteRange): Reading<Result<Uint8Array, SourceProblem>> {
    const bytes = Buffer.alloc(length);
    for (let filled = 0; filled < length;) {
      const body = yield* this.#bodyAt(offset + filled);
      if (!body.ok) return body;
      const skipped = offset + filled - body.value.start;
      const taken = Math.min(body.value.length - skipped, length - filled);
      bytes.set(yield { offset: body.value.offset + skipped, length: taken }, filled);
      filled += taken;
    }
    return ok(bytes);
  }

  /** The page that holds a byte of the stream; looked for from the one that was asked for last. */
  *#bodyAt(at: number): Reading<Result<PageBody, SourceProblem>> {
    for (;;) {
      const body = this.#bodies[this.#current];
      if (body === undefined) {
        const added = yield* this.#addPage();
        if (added !== undefined) return err(added);
      } else if (at < body.start) this.#current -= 1;
      else if (at >= body.start + body.length) this.#current += 1;
      else return ok(body);
    }
  }

  *#addPage(): Reading<SourceProblem | undefined> {
    const before = this.#bodies.at(-1);
    const at = before === undefined ? 0 : before.offset + before.length;
    const wrong = (text: string): SourceProblem =>
      problem('INVALID_HEADER', `${text} at byte ${at}`);
    if (this.#bodies.length === MAX_PAGES) return wrong(`more than ${MAX_PAGES} Ogg pages`);
    if (at + PAGE_HEADER_BYTES > this.#sizeBytes) return this.#truncated();
    const header = Buffer.from(yield { offset: at, length: PAGE_HEADER_BYTES });
    if (header.toString('latin1', 0, 5) !== 'OggS\0') return wrong('no Ogg page');
    const serial = header.readUInt32LE(14);
    this.#serial ??= serial;
    if (serial !== this.#serial) return wrong('a second Ogg stream');
    const sequence = header.readUInt32LE(18);
    if (sequence !== this.#bodies.length) return wrong(`Ogg page ${sequence}, not the next,`);
    const segments = header.readUInt8(26);
    const offset = at + PAGE_HEADER_BYTES + segments;
    if (offset > this.#sizeBytes) return this.#truncated();
    const lacing = yield { offset: at + PAGE_HEADER_BYTES, length: segments };
    const length = lacing.reduce((sum, bytes) => sum + bytes, 0);
    if (offset + length > this.#sizeBytes) return this.#truncated();
    const start = before === undefined ? -MAPPING_BYTES : before.start + before.length;
    this.#bodies.push({ start, offset, length });
    return undefined;
  }

  #truncated(): SourceProblem {
    const text = `the file ends before its metadata does (${this.#sizeBytes} bytes)`;
    return problem('TRUNCATED_HEADER', text);
  }
}
