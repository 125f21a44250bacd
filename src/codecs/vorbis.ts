import type { EncoderCodec, EncodeRequest, Program } from './codec.js';
import { ffmpegInput } from './ffmpeg-input.js';
import { ffmpegProgram, flacProgram } from './programs.js';

const oggenc: Program = {
  name: 'oggenc',
  versionArgs: ['--version'],
  versionPattern: /oggenc from vorbis-tools (\S+)/,
  packages: {
    debian: 'vorbis-tools',
    fedora: 'vorbis-tools',
    arch: 'vorbis-tools',
    alpine: 'vorbis-tools',
    macos: 'vorbis-tools',
  },
};

/** Ogg Vorbis by oggenc. */
export const vorbis: EncoderCodec = {
  name: 'vorbis',
  kind: 'encode',
  summary: 'Ogg Vorbis by oggenc',
  extension: 'ogg',
  container: 'ogg-vorbis',
  input: { channels: 8, bits: 24 },
  programs: [oggenc, flacProgram],
  encoders: [
    { name: 'oggenc', programs: [oggenc, flacProgram] },
    {
      name: 'ffmpeg',
      programs: [ffmpegProgram, flacProgram],
      ffmpegEncoder: 'libvorbis',
      argv: ffmpegArgv,
    },
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    not: { required: ['quality', 'bitrate'] },
    properties: {
      encoder: {
        enum: ['oggenc', 'ffmpeg', 'auto'],
        examples: ['auto', 'ffmpeg'],
        description:
          'The program: oggenc unless another is named; `auto` takes the first that the planning machine has. Which one it is stands in the plan and in the ledger.',
      },
      quality: {
        type: 'number',
        minimum: -1,
        maximum: 10,
        default: 5,
        examples: [4, 5, 9],
        description: 'Variable bitrate at this quality. Not together with `bitrate`.',
      },
      bitrate: {
        type: 'integer',
        minimum: 32,
        maximum: 500,
        examples: [128, 192],
        description: 'Average bitrate in kbit/s, in place of `quality`.',
      },
    },
  },
  argv: ({ options, args, output, serial, pcm, endless }) => [
    '--quiet',
    ...(endless ? ['--ignorelength'] : []),
    '--discard-comments',
    '--serial',
    String(serial),
    ...(options['bitrate'] === undefined
      ? ['--quality', String(options['quality'])]
      : ['--bitrate', String(options['bitrate'])]),
    ...resampling('--resample', pcm.sampleRate),
    ...args,
    '--output',
    output,
    '-',
  ],
};

/** Vorbis above 48 kHz costs twice and more for what nobody hears, and many players refuse it. */
function resampling(option: string, sampleRate: number): readonly string[] {
  if (sampleRate <= 48_000) return [];
  return [option, sampleRate % 44_100 === 0 ? '44100' : '48000'];
}

function ffmpegArgv(request: EncodeRequest): readonly string[] {
  const { options, args, output, pcm } = request;
  return [
    ...ffmpegInput(request),
    '-c:a',
    'libvorbis',
    ...(options['bitrate'] === undefined
      ? ['-q:a', String(options['quality'])]
      : ['-b:a', `${String(options['bitrate'])}k`]),
    ...resampling('-ar', pcm.sampleRate),
    ...args,
    ...'-fflags +bitexact -f ogg -y'.split(' '),
    output,
  ];
}
