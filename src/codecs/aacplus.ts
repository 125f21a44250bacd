import type { EncoderCodec, EncodeRequest, Program } from './codec.js';
import { ffmpegInput, mp4Args } from './ffmpeg-input.js';
import { ffmpegProgram, flacProgram } from './programs.js';

const fdkaac: Program = {
  name: 'fdkaac',
  versionArgs: ['--help'],
  versionPattern: /^fdkaac (\S+)/m,
  packages: {
    debian: 'fdkaac',
    fedora: 'fdkaac',
    arch: 'fdkaac',
    alpine: 'fdkaac',
    macos: 'fdk-aac-encoder',
  },
};

const aacEnc: Program = {
  name: 'aac-enc',
  versionArgs: [],
  versionPattern: /aac-enc (\d\S*)/,
  packages: {
    debian: 'aac-enc',
    fedora: 'fdk-aac',
    arch: 'libfdk-aac',
    alpine: 'fdk-aac',
    macos: 'fdk-aac',
  },
};

/** Frames of HE-AAC are 2048 samples long, and its decoder is late by as many. */
const tolerance = { short: 0.003, long: 0.25 };

/** HE-AAC, for low bitrates. */
export const aacplus: EncoderCodec = {
  name: 'aacplus',
  kind: 'encode',
  summary: 'HE-AAC by fdkaac, ffmpeg with libfdk_aac, or aac-enc',
  extension: 'm4a',
  container: 'mp4',
  input: { channels: 2, bits: 16, sampleRates: [32_000, 44_100, 48_000] },
  tolerance,
  programs: [fdkaac, flacProgram],
  encoders: [
    { name: 'fdkaac', programs: [fdkaac, flacProgram] },
    {
      name: 'ffmpeg',
      programs: [ffmpegProgram, flacProgram],
      ffmpegEncoder: 'libfdk_aac',
      argv: ffmpegArgv,
    },
    {
      name: 'aac-enc',
      programs: [aacEnc, flacProgram],
      extension: 'aac',
      container: 'bare',
      argv: aacEncArgv,
    },
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      encoder: {
        enum: ['fdkaac', 'ffmpeg', 'aac-enc', 'auto'],
        default: 'auto',
        examples: ['auto', 'fdkaac'],
        description:
          'The program; `auto` takes the first that the planning machine has. aac-enc makes .aac files, which have no place for tags; the others .m4a.',
      },
      bitrate: {
        type: 'number',
        minimum: 16,
        maximum: 128,
        default: 64,
        examples: [48, 64],
        description: 'Bitrate in kbit/s, for all channels together.',
      },
    },
  },
  argv: ({ options, args, output, endless }) => [
    '--silent',
    '--profile',
    '5',
    '--bitrate',
    bitsPerSecond(options['bitrate']),
    '--gapless-mode',
    '1',
    '--moov-before-mdat',
    '--no-timestamp',
    ...(endless ? ['--ignorelength'] : []),
    ...args,
    '-o',
    output,
    '-',
  ],
};

function ffmpegArgv(request: EncodeRequest): readonly string[] {
  return [
    ...ffmpegInput(request),
    '-c:a',
    'libfdk_aac',
    '-profile:a',
    'aac_he',
    '-b:a',
    bitsPerSecond(request.options['bitrate']),
    ...request.args,
    '-fflags',
    '+bitexact',
    ...mp4Args(request),
    '-f',
    'ipod',
    '-y',
    request.output,
  ];
}

function aacEncArgv({ options, args, output }: EncodeRequest): readonly string[] {
  return ['-r', bitsPerSecond(options['bitrate']), '-t', '5', ...args, '-', output];
}

function bitsPerSecond(bitrate: string | number | boolean | undefined): string {
  return String(Math.round(Number(bitrate) * 1000));
}
