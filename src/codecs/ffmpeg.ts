import type { CodecFamily, CodecOptions, EncoderCodec, EncodeRequest } from './codec.js';
import { ffmpegFormat } from './ffmpeg-formats.js';
import type { FfmpegFormat } from './ffmpeg-formats.js';
import { ffmpegRefusals, ffmpegTable, ffmpegTolerance } from './ffmpeg-table.js';
import type { FfmpegEncoderFacts } from './ffmpeg-table.js';
import { ffmpegProgram, flacProgram } from './programs.js';
import { ffmpegInput, opusLayout } from './ffmpeg-input.js';

/** The audio encoders of ffmpeg, as many as the installed one has. */
export const ffmpeg: CodecFamily = {
  name: 'ffmpeg',
  aliases: ['f'],
  summary: 'any audio encoder of the installed ffmpeg, by its name there',
  options: {
    type: 'object',
    additionalProperties: false,
    not: { required: ['bitrate', 'quality'] },
    properties: {
      bitrate: {
        type: 'number',
        minimum: 1,
        maximum: 20_000,
        examples: [192, 320],
        description:
          'Bitrate in kbit/s, for all channels together; without it the encoder takes its own.',
      },
      quality: {
        type: 'number',
        minimum: -1,
        maximum: 1000,
        examples: [2, 5],
        description:
          'Variable bitrate at this quality, as `-q:a` has it: what the numbers mean, and which is best, is up to the encoder.',
      },
    },
  },
  members: Object.keys(ffmpegTable),
  codec: (member, extension) => makeCodec(member, factsOf(member), extension),
  refusal: (member, extension) => {
    const facts = factsOf(member);
    const why = ffmpegRefusals[member];
    if (why !== undefined || extension === undefined) return why;
    if (formatOf(facts, extension) !== undefined) return undefined;
    const known = facts.formats.map((name) => ffmpegFormat(name).extension);
    return `it goes into ${known.join(', ')}, not into ${extension}`;
  },
  uselessOptions: (member) => {
    const facts = ffmpegTable[member];
    if (facts === undefined) return [];
    return [...(facts.lossless ? ['bitrate'] : []), ...(facts.quality ? [] : ['quality'])];
  },
};

function factsOf(member: string): FfmpegEncoderFacts {
  return ffmpegTable[member] ?? { formats: ['mka', 'nut'] };
}

function formatOf({ formats }: FfmpegEncoderFacts, extension?: string): FfmpegFormat | undefined {
  const all = formats.map((name) => ffmpegFormat(name));
  return extension === undefined ? all[0] : all.find((format) => format.extension === extension);
}

function makeCodec(member: string, facts: FfmpegEncoderFacts, extension?: string): EncoderCodec {
  const format = formatOf(facts, extension) ?? ffmpegFormat('mka');
  const { decodeArgs } = format;
  return {
    name: `${ffmpeg.name}:${member}`,
    kind: 'encode',
    summary: `${member} by ffmpeg`,
    extension: format.extension,
    container: format.container,
    input: facts.input ?? {},
    tolerance: ffmpegTolerance(facts),
    ffmpegEncoder: member,
    programs: [ffmpegProgram, flacProgram],
    options: ffmpeg.options,
    ...(decodeArgs === undefined ? {} : { decodeArgs }),
    argv: (request) => argvOf(request, { member, facts, format }),
  };
}

function argvOf(
  request: EncodeRequest,
  made: {
    readonly member: string;
    readonly facts: FfmpegEncoderFacts;
    readonly format: FfmpegFormat;
  },
): readonly string[] {
  const { member, facts, format } = made;
  return [
    ...ffmpegInput(request),
    '-c:a',
    member,
    ...(facts.pad === undefined ? [] : ['-af', `apad=pad_len=${facts.pad}`]),
    ...(facts.experimental ? ['-strict', '-2'] : []),
    ...(member === 'libopus' ? opusLayout(request) : []),
    ...rateControl(request.options),
    ...request.args,
    '-fflags',
    '+bitexact',
    ...(format.args?.(request) ?? []),
    '-f',
    format.muxer,
    '-y',
    request.output,
  ];
}

function rateControl(options: CodecOptions): readonly string[] {
  if (options['quality'] !== undefined) return ['-q:a', String(options['quality'])];
  if (options['bitrate'] !== undefined) return ['-b:a', `${String(options['bitrate'])}k`];
  return [];
}
