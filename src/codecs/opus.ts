import type { EncoderCodec, EncodeRequest, Program } from './codec.js';
import { ffmpegInput, opusLayout } from './ffmpeg-input.js';
import { ffmpegProgram, flacProgram } from './programs.js';

const MODES: Readonly<Record<string, string>> = {
  vbr: '--vbr',
  cvbr: '--cvbr',
  hard: '--hard-cbr',
};

/** What ffmpeg calls the same modes. */
const FFMPEG_MODES: Readonly<Record<string, string>> = {
  vbr: 'on',
  cvbr: 'constrained',
  hard: 'off',
};

const opusenc: Program = {
  name: 'opusenc',
  versionArgs: ['--version'],
  versionPattern: /opus-tools (\S+)(?: \(using ([^)]+)\))?/,
  packages: {
    debian: 'opus-tools',
    fedora: 'opus-tools',
    arch: 'opus-tools',
    alpine: 'opus-tools',
    macos: 'opus-tools',
  },
};

/** Ogg Opus by opusenc. */
export const opus: EncoderCodec = {
  name: 'opus',
  kind: 'encode',
  summary: 'Ogg Opus by opusenc',
  extension: 'opus',
  container: 'ogg-opus',
  input: { channels: 8, bits: 24 },
  programs: [opusenc, flacProgram],
  encoders: [
    { name: 'opusenc', programs: [opusenc, flacProgram] },
    {
      name: 'ffmpeg',
      programs: [ffmpegProgram, flacProgram],
      ffmpegEncoder: 'libopus',
      argv: ffmpegArgv,
    },
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      encoder: {
        enum: ['opusenc', 'ffmpeg', 'auto'],
        examples: ['auto', 'ffmpeg'],
        description:
          'The program: opusenc unless another is named; `auto` takes the first that the planning machine has. Which one it is stands in the plan and in the ledger.',
      },
      bitrate: {
        type: 'number',
        minimum: 6,
        maximum: 510,
        default: 128,
        examples: [96, 128, 160],
        description: 'Target bitrate in kbit/s, for all channels together.',
      },
      vbr: {
        enum: ['vbr', 'cvbr', 'hard'],
        default: 'vbr',
        examples: ['vbr', 'cvbr'],
        description: 'Variable, constrained variable or hard constant bitrate.',
      },
      complexity: {
        type: 'integer',
        minimum: 0,
        maximum: 10,
        default: 10,
        examples: [10, 5],
        description: 'Encoding effort: 0 is fastest, 10 is best.',
      },
      frameSize: {
        enum: [2.5, 5, 10, 20, 40, 60],
        default: 20,
        examples: [20, 60],
        description: 'Frame length in milliseconds; longer is smaller at very low bitrates.',
      },
      tune: {
        enum: ['auto', 'music', 'speech'],
        default: 'auto',
        examples: ['auto', 'speech'],
        description: 'What low bitrates are tuned for; `auto` lets the encoder find out.',
      },
      phaseInversion: {
        type: 'boolean',
        default: true,
        examples: [true, false],
        description:
          'Intensity stereo may invert phase; `false` for players that mix down to mono.',
      },
    },
  },
  argv: ({ options, args, output, serial, endless }) => [
    '--quiet',
    ...(endless ? ['--ignorelength'] : []),
    '--discard-comments',
    '--discard-pictures',
    '--padding',
    '0',
    '--serial',
    String(serial),
    '--bitrate',
    String(options['bitrate']),
    MODES[String(options['vbr'])] ?? '--vbr',
    '--comp',
    String(options['complexity']),
    '--framesize',
    String(options['frameSize']),
    ...(options['tune'] === 'auto' ? [] : [`--${String(options['tune'])}`]),
    ...(options['phaseInversion'] === false ? ['--no-phase-inv'] : []),
    ...args,
    '-',
    output,
  ],
};

function ffmpegArgv(request: EncodeRequest): readonly string[] {
  const { options, args, output } = request;
  return [
    ...ffmpegInput(request),
    '-c:a',
    'libopus',
    ...opusLayout(request),
    '-b:a',
    `${String(options['bitrate'])}k`,
    '-vbr',
    FFMPEG_MODES[String(options['vbr'])] ?? 'on',
    '-compression_level',
    String(options['complexity']),
    '-frame_duration',
    String(options['frameSize']),
    ...(options['tune'] === 'speech' ? ['-application', 'voip'] : []),
    ...(options['phaseInversion'] === false ? ['-apply_phase_inv', '0'] : []),
    ...args,
    ...'-fflags +bitexact -f opus -y'.split(' '),
    output,
  ];
}
