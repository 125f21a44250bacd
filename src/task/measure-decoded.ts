import { Writable } from 'node:stream';
import type { EncoderCodec, PcmFormat } from '../codecs/codec.js';
import { ffmpegProgram } from '../codecs/programs.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Attempt } from './attempt.js';
import type { Measured } from './measure.js';
import type { Problem } from './problem.js';
import { runPrograms } from './run-programs.js';
import type { Toolbox } from './toolbox.js';

const RATE_AT = 24;
const MAX_HEADER_BYTES = 4096;

/**
 * Measures a file whose own structure does not tell how long it is: ffmpeg decodes it, and what comes
 * out is counted. The error is a sentence part; being told to stop is a problem of its own.
 */
export async function measureDecoded(
  attempt: Attempt,
  codec: EncoderCodec,
  { tools, pcm }: { readonly tools: Toolbox; readonly pcm: PcmFormat },
): Promise<Result<Result<Measured, string>, Problem>> {
  const counter = new SampleCounter();
  const args = [
    '-nostdin',
    '-v',
    'error',
    '-strict',
    '-2',
    ...(codec.decodeArgs?.(pcm) ?? []),
    '-i',
    attempt.task.part,
    '-map',
    '0:a:0',
    ...'-c:a pcm_u8 -ac 1 -fflags +bitexact -f wav pipe:1'.split(' '),
  ];
  const decoder = tools.command(ffmpegProgram, args);
  const end = await runPrograms(attempt, { decoder, readers: [], sink: counter });
  const { problem } = end;
  if (problem?.class === 'cancelled' || problem?.class === 'crash') return err(problem);
  const said = problem?.stderrTail.trim().split('\n').at(-1) ?? '';
  if (problem !== undefined) return ok(err(`it cannot be decoded again: ${said}`));
  const { samples, sampleRate } = counter;
  return ok(sampleRate === 0 ? err('ffmpeg finds no audio in it') : ok({ samples, sampleRate }));
}

/** Takes WAV of one byte a sample frame and keeps nothing but its rate and how much it is. */
class SampleCounter extends Writable {
  samples = 0;
  sampleRate = 0;
  #head: Buffer | undefined = Buffer.alloc(0);

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    if (this.#head === undefined) this.samples += chunk.length;
    else this.#begin(Buffer.concat([this.#head, chunk]));
    done();
  }

  #begin(head: Buffer): void {
    const dataAt = head.indexOf('data', 12, 'latin1');
    if (dataAt === -1 || head.length < dataAt + 8) {
      this.#head = head.length > MAX_HEADER_BYTES ? undefined : head;
      return;
    }
    this.sampleRate = head.readUInt32LE(RATE_AT);
    this.samples = head.length - dataAt - 8;
    this.#head = undefined;
  }
}
