import type { EncoderCodec } from './codec.js';
import { flacProgram } from './programs.js';

const MODES: Readonly<Record<string, string>> = {
  vbr: '--vbr',
  cvbr: '--cvbr',
  hard: '--hard-cbr',
};

/** Ogg Opus by opusenc. */
export const opus: EncoderCodec = {
  name: 'opus',
  kind: 'encode',
  summary: 'Ogg Opus by opusenc',
  extension: 'opus',
  container: 'ogg-opus',
  input: { channels: 8, bits: 24 },
  programs: [
    {
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
    },
    flacProgram,
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
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
