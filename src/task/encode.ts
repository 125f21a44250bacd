import type { CodecOptions, EncoderCodec, PcmFormat } from '../codecs/codec.js';
import { ffmpegProgram } from '../codecs/programs.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { AudioId } from '../sources/identity.js';
import { blameReaders } from './cause.js';
import type { Command } from './child.js';
import {
  conversionArgs,
  conversionReasons,
  conversionWarnings,
  targetFormat,
} from './conversion.js';
import { checkDecode } from './decode-check.js';
import { decoding } from './decoding.js';
import { EndlessWav } from './endless-wav.js';
import type { Attempt, Product } from './attempt.js';
import { checkLength, orNoSpace, usualTolerance } from './length-check.js';
import type { Expected } from './length-check.js';
import { measureDecoded } from './measure-decoded.js';
import { measureFile, tellsLength } from './measure.js';
import { encoderLimits } from './encoder-limits.js';
import { problem } from './problem.js';
import type { Problem } from './problem.js';
import { runEncoder } from './run-programs.js';
import type { LineEnd } from './run-programs.js';
import { streamSerial } from './serial.js';
import { tagOutput } from './tag-output.js';
import { openToolbox } from './toolbox.js';
import type { Toolbox } from './toolbox.js';

/** Decodes the source, encodes it into the part file, checks that all of it is there, and tags it. */
export async function encode(
  attempt: Attempt,
  codec: EncoderCodec,
  audioId: AudioId,
): Promise<Result<Product, Problem>> {
  const { inspection, task } = attempt;
  const own = await openToolbox(codec.programs);
  if (!own.ok) return own;
  const limits = await encoderLimits(codec, own.value);
  if (!limits.ok) return limits;
  const target = targetFormat(inspection.pcm, limits.value, task.recipe.audio.limits);
  const converts = target !== inspection.pcm;
  const decodes = !tellsLength(codec.container);
  const more = converts || decodes ? [ffmpegProgram] : [];
  const tools =
    more.length === 0
      ? own
      : await openToolbox([...codec.programs, ...more], whyMore(attempt, codec, target));
  if (!tools.ok) return tools;
  const encoding = { attempt, codec, target, tools: tools.value };
  const made = await makeAudio(encoding, audioId);
  if (!made.ok) return made;
  // Before tags are written: what is measured is what the encoder made.
  const decoded = decodes
    ? await measureDecoded(attempt, codec, { ...encoding, pcm: target })
    : undefined;
  if (decoded?.ok === false) return decoded;
  await attempt.onEncoded();
  const expected = expectedOf(attempt, codec, { samples: made.value, converts });
  const tagged = await tagOutput(attempt, codec.container);
  const measured = decoded?.value ?? (await measureFile(task.part, codec.container));
  const wrong = checkLength(task.part, measured, expected);
  if (wrong !== undefined) return err(await orNoSpace(wrong, task.part));
  if (!tagged.ok) return err(await orNoSpace(tagged.error, task.part));
  return ok({
    samples: made.value,
    encoder: tools.value.nameOf(codec.programs[0]),
    warnings: [
      ...conversionWarnings(inspection.pcm, target, task.recipe.audio.limits),
      ...tagged.value,
      ...lengthWarnings(attempt, made.value),
    ],
  });
}

/** What ffmpeg is wanted for beside the codec's own programs, which are there. */
function whyMore({ inspection, task }: Attempt, codec: EncoderCodec, target: PcmFormat): string {
  const encoder = codec.programs[0].name;
  const wish = { profile: task.recipe.audio.limits, encoder };
  const reasons = conversionReasons(inspection.pcm, target, wish);
  const measured = `only decoding tells the length of what ${encoder} makes`;
  return `${task.source.path}: ${reasons.length > 0 ? reasons.join(', ') : measured}`;
}

interface Encoding {
  readonly attempt: Attempt;
  readonly codec: EncoderCodec;
  readonly target: PcmFormat;
  readonly tools: Toolbox;
}

/** Writes the encoded audio; returns how many sample frames of the source went into it. */
async function makeAudio(encoding: Encoding, audioId: AudioId): Promise<Result<number, Problem>> {
  const { attempt, tools } = encoding;
  const { statedSamples, lastFrameEnd } = attempt.inspection;
  const relay = statedSamples === undefined ? new EndlessWav(lastFrameEnd) : undefined;
  const source = { path: attempt.task.source.path, inspection: attempt.inspection };
  const end = await runEncoder(attempt, {
    ...decoding(source, relay === undefined ? 'wav' : 'rf64', tools),
    readers: readersOf(encoding, audioId, relay !== undefined),
    relay,
  });
  const samples = statedSamples ?? relay?.frames ?? 0;
  const wrong = end.problem && (await trueCause(encoding, end));
  const decoded = wrong?.code !== 'DECODE_FAILED' && wrong?.code !== 'CANCELLED';
  if (samples === 0 && decoded) return err(noAudio(source.path));
  if (wrong !== undefined) return err(await orNoSpace(wrong, attempt.task.part));
  return ok(samples);
}

/** A decoder that failed may have done so for its reader's sake: decoding alone shows whether it did. */
async function trueCause({ attempt, tools }: Encoding, end: LineEnd): Promise<Problem | undefined> {
  if (end.problem?.code !== 'DECODE_FAILED') return end.problem;
  return (await checkDecode(attempt, tools)) ?? blameReaders(end.exits, attempt.task.source.path);
}

function readersOf(encoding: Encoding, audioId: AudioId, relayed: boolean): readonly Command[] {
  const { attempt, codec, target, tools } = encoding;
  const { pcm } = attempt.inspection;
  const { audio } = attempt.task.recipe;
  const converts = target !== pcm;
  const args = codec.argv({
    options: audio.options as CodecOptions,
    args: audio.args,
    output: attempt.task.part,
    serial: streamSerial(audioId, audio),
    pcm: target,
    version: tools.versionOf(codec.programs[0]),
    endless: relayed || converts,
  });
  const encoder = tools.command(codec.programs[0], args);
  if (!converts) return [encoder];
  return [tools.command(ffmpegProgram, conversionArgs(pcm, target)), encoder];
}

function expectedOf(
  attempt: Attempt,
  codec: EncoderCodec,
  made: { readonly samples: number; readonly converts: boolean },
): Expected {
  const { md5, sampleRate } = attempt.inspection.flac.streamInfo;
  const same = codec.container === 'flac' && !made.converts && !/^0+$/.test(md5);
  return {
    tolerance: codec.tolerance ?? usualTolerance(codec.container),
    samples: made.samples,
    sampleRate,
    md5: same ? md5 : undefined,
  };
}

function noAudio(path: string): Problem {
  return problem({ class: 'input', code: 'NO_AUDIO', text: `${path}: it holds no audio` });
}

function lengthWarnings(attempt: Attempt, samples: number): readonly string[] {
  const stated = attempt.inspection.flac.streamInfo.samples;
  if (stated === 0 || stated === samples) return [];
  return [
    `STREAMINFO says ${stated} samples, the audio has ${samples}; all of it is in the output`,
  ];
}
