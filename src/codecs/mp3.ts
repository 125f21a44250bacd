import type { CodecOptions, EncoderCodec } from './codec.js';
import { flacProgram } from './programs.js';

/** MP3 by lame. */
export const mp3: EncoderCodec = {
  name: 'mp3',
  kind: 'encode',
  summary: 'MP3 by lame',
  extension: 'mp3',
  container: 'mp3',
  input: { channels: 2, bits: 24 },
  programs: [
    {
      name: 'lame',
      versionArgs: ['--version'],
      versionPattern: /^LAME .*?version (\S+)/m,
      packages: { debian: 'lame', fedora: 'lame', arch: 'lame', alpine: 'lame', macos: 'lame' },
    },
    flacProgram,
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    not: { required: ['bitrate', 'abr'] },
    properties: {
      vbr: {
        type: 'number',
        minimum: 0,
        maximum: 9.999,
        default: 2,
        examples: [0, 2, 4],
        description:
          'Variable bitrate at this quality: 0 is best, 9 smallest. Not used where `bitrate` or `abr` is given.',
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
