import type { EncoderCodec, InputLimits } from '../codecs/codec.js';
import { askFfmpeg } from '../codecs/ffmpeg-encoders.js';
import { parseLimits } from '../codecs/ffmpeg-limits.js';
import { ffmpegProgram } from '../codecs/programs.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { problem } from './problem.js';
import type { Problem } from './problem.js';
import type { Toolbox } from './toolbox.js';

const asked = new Map<string, Promise<string | undefined>>();

/**
 * The PCM that a codec takes: what its file says, and what the ffmpeg here says of its encoder. Asked
 * once in the life of the process.
 */
export async function encoderLimits(
  codec: EncoderCodec,
  tools: Toolbox,
): Promise<Result<InputLimits, Problem>> {
  const { ffmpegEncoder: encoder } = codec;
  if (encoder === undefined) return ok(codec.input);
  const { path } = tools.command(ffmpegProgram, []);
  const key = `${path}\0${encoder}`;
  const asking = asked.get(key) ?? askFfmpeg(path, ['-h', `encoder=${encoder}`]);
  asked.set(key, asking);
  const answer = await asking;
  const limits = parseLimits(answer ?? '');
  if (limits !== undefined) return ok({ ...limits, ...codec.input });
  asked.delete(key);
  const text =
    answer === undefined
      ? `the ffmpeg here (${path}) does not say what its encoder "${encoder}" takes`
      : `the ffmpeg here (${path}) has no audio encoder "${encoder}"`;
  return err(problem({ class: 'environment', code: 'ENCODER_MISSING', text }));
}
