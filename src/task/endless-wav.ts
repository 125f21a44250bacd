import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/** RF64: twelve bytes of RIFF header, the ds64 chunk, then what a WAV file has. */
const RIFF_BYTES = 12;
const MAX_HEADER_BYTES = 4096;

/**
 * Turns RF64, which flac can write for any length, into a WAV stream whose header does not state a
 * length, which all encoders read to its end; and counts the sample frames that pass. `knownFrames`
 * is what the source's last frame says: it tells audio from the byte that pads RIFF data to even.
 */
export class EndlessWav extends Transform {
  readonly #knownFrames: number | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  #frameBytes = 1;
  #bytes = 0;

  constructor(knownFrames: number | undefined) {
    super();
    this.#knownFrames = knownFrames;
  }

  /** Sample frames so far. */
  get frames(): number {
    const frames = Math.floor(this.#bytes / this.#frameBytes);
    return this.#knownFrames === frames - 1 && this.#frameBytes === 1 ? frames - 1 : frames;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    if (this.#head === undefined) return this.#pass(chunk, done);
    this.#head = Buffer.concat([this.#head, chunk]);
    const dataAt = findData(this.#head);
    if (dataAt === undefined) {
      const hopeless = this.#head.length > MAX_HEADER_BYTES;
      return done(hopeless ? new Error('the decoder wrote no RF64 header') : null);
    }
    const samples = this.#head.subarray(dataAt + 8);
    const format = this.#head.subarray(RIFF_BYTES, dataAt);
    this.#frameBytes = Math.max(1, formatOf(format).readUInt16LE(20));
    this.push(wavHeader(formatOf(format)));
    this.#head = undefined;
    this.#pass(samples, done);
  }

  #pass(chunk: Buffer, done: TransformCallback): void {
    const room = this.#knownFrames === undefined ? Infinity : this.#knownFrames - this.#bytes;
    this.#bytes += chunk.length;
    const padded = this.#frameBytes === 1 && chunk.length === room + 1;
    done(null, padded ? chunk.subarray(0, room) : chunk);
  }
}

/** Offset of the `data` chunk's header, when all of it is there. */
function findData(head: Buffer): number | undefined {
  let at = RIFF_BYTES;
  while (at + 8 <= head.length) {
    if (head.toString('latin1', at, at + 4) === 'data') return at;
    at += 8 + head.readUInt32LE(at + 4);
  }
  return undefined;
}

/** The `fmt ` chunk with its header, out of the chunks before `data`. */
function formatOf(chunks: Buffer): Buffer {
  let at = 0;
  while (at + 8 <= chunks.length && chunks.toString('latin1', at, at + 4) !== 'fmt ') {
    at += 8 + chunks.readUInt32LE(at + 4);
  }
  return chunks.subarray(at);
}

function wavHeader(format: Buffer): Buffer {
  const riff = Buffer.from('RIFF\xff\xff\xff\xffWAVE', 'latin1');
  const data = Buffer.from('data\xff\xff\xff\xff', 'latin1');
  return Buffer.concat([riff, format, data]);
}
