import type { EncoderCodec } from './codec.js';
import { flacProgram } from './programs.js';

/** Ogg Vorbis by oggenc. */
export const vorbis: EncoderCodec = {
  name: 'vorbis',
  kind: 'encode',
  summary: 'Ogg Vorbis by oggenc',
  extension: 'ogg',
  container: 'ogg-vorbis',
  input: { channels: 8, bits: 24 },
  programs: [
    {
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
    },
    flacProgram,
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      quality: {
        type: 'number',
        minimum: -1,
        maximum: 10,
        default: 5,
        examples: [4, 5, 9],
        description: 'Variable bitrate at this quality. Not used where `bitrate` is given.',
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
    ...resampling(pcm.sampleRate),
    ...args,
    '--output',
    output,
    '-',
  ],
};

/** Vorbis above 48 kHz costs twice and more for what nobody hears, and many players refuse it. */
function resampling(sampleRate: number): readonly string[] {
  if (sampleRate <= 48_000) return [];
  return ['--resample', sampleRate % 44_100 === 0 ? '44100' : '48000'];
}
