import type { CodecOptions, EncoderCodec, EncodeRequest, Program } from './codec.js';
import { ffmpegInput } from './ffmpeg-input.js';
import { ffmpegProgram, flacProgram } from './programs.js';

const lame: Program = {
  name: 'lame',
  versionArgs: ['--version'],
  versionPattern: /^LAME .*?version (\S+)/m,
  packages: { debian: 'lame', fedora: 'lame', arch: 'lame', alpine: 'lame', macos: 'lame' },
};

/** MP3 by lame. */
export const mp3: EncoderCodec = {
  name: 'mp3',
  kind: 'encode',
  summary: 'MP3 by lame',
  extension: 'mp3',
  container: 'mp3',
  input: { channels: 2, bits: 24 },
  programs: [lame, flacProgram],
  encoders: [
    { name: 'lame', programs: [lame, flacProgram] },
    {
      name: 'ffmpeg',
      programs: [ffmpegProgram, flacProgram],
      ffmpegEncoder: 'libmp3lame',
      argv: ffmpegArgv,
    },
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    not: {
      anyOf: [
        { required: ['bitrate', 'abr'] },
        { required: ['vbr', 'bitrate'] },
        { required: ['vbr', 'abr'] },
      ],
    },
    properties: {
      encoder: {
        enum: ['lame', 'ffmpeg', 'auto'],
        examples: ['auto', 'ffmpeg'],
        description:
          'The program: lame unless another is named; `auto` takes the first that the planning machine has. Which one it is stands in the plan and in the ledger.',
      },
      vbr: {
        type: 'number',
        minimum: 0,
        maximum: 9.999,
        default: 2,
        examples: [0, 2, 4],
        description:
          'Variable bitrate at this quality: 0 is best, 9 smallest. Not together with `bitrate` or `abr`.',
      },
      bitrate: {
        enum: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320],
        examples: [320, 192],
        description: 'Constant bitrate in kbit/s, in place of `vbr`.',
      },
      abr: {
        type: 'integer',
        minimum: 8,
        maximum: 310,
        examples: [192],
        description: 'Average bitrate in kbit/s, in place of `vbr`.',
      },
      quality: {
        type: 'integer',
        minimum: 0,
        maximum: 9,
        examples: [0, 3],
        description:
          'Effort of the encoder: 0 is slowest, 9 fastest. Without it lame takes what suits the bitrate.',
      },
    },
  },
  argv: ({ options, args, output }) => [
    '--quiet',
    '--noreplaygain',
    ...rateControl(options),
    ...(options['quality'] === undefined ? [] : ['-q', String(options['quality'])]),
    ...args,
    '-',
    output,
  ],
};

function rateControl(options: CodecOptions): readonly string[] {
  if (options['bitrate'] !== undefined) return ['--cbr', '-b', String(options['bitrate'])];
  if (options['abr'] !== undefined) return ['--abr', String(options['abr'])];
  return ['-V', String(options['vbr'])];
}

function ffmpegArgv(request: EncodeRequest): readonly string[] {
  const { options, args, output } = request;
  return [
    ...ffmpegInput(request),
    '-c:a',
    'libmp3lame',
    ...ffmpegRateControl(options),
    ...(options['quality'] === undefined ? [] : ['-compression_level', String(options['quality'])]),
    ...args,
    ...'-fflags +bitexact -f mp3 -y'.split(' '),
    output,
  ];
}

function ffmpegRateControl(options: CodecOptions): readonly string[] {
  if (options['bitrate'] !== undefined) return ['-b:a', `${String(options['bitrate'])}k`];
  if (options['abr'] !== undefined) return ['-abr', '1', '-b:a', `${String(options['abr'])}k`];
  return ['-q:a', String(options['vbr'])];
}
