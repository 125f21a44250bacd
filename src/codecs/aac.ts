import type { CodecOptions, EncoderCodec } from './codec.js';
import { ffmpegInput, mp4Args } from './ffmpeg-input.js';
import { ffmpegProgram, flacProgram } from './programs.js';

/** AAC in an MP4 file by ffmpeg. */
export const aac: EncoderCodec = {
  name: 'aac',
  kind: 'encode',
  summary: 'AAC in .m4a by ffmpeg',
  extension: 'm4a',
  container: 'mp4',
  input: { channels: 8 },
  programs: [ffmpegProgram, flacProgram],
  encoders: [
    { name: 'libfdk_aac', programs: [ffmpegProgram, flacProgram], ffmpegEncoder: 'libfdk_aac' },
    { name: 'aac', programs: [ffmpegProgram, flacProgram] },
  ],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      encoder: {
        enum: ['aac', 'libfdk_aac', 'auto'],
        default: 'aac',
        examples: ['libfdk_aac', 'auto'],
        description:
          "ffmpeg's own encoder, or Fraunhofer's, which sounds better but is in few builds of ffmpeg; `auto` takes Fraunhofer's where the planning machine has it.",
      },
      bitrate: {
        type: 'number',
        minimum: 8,
        maximum: 1024,
        default: 192,
        examples: [128, 192, 256],
        description: 'Bitrate in kbit/s, for all channels together. Not together with `vbr`.',
      },
      vbr: {
        type: 'integer',
        minimum: 1,
        maximum: 5,
        examples: [4, 5],
        description:
          'Variable bitrate in place of `bitrate`: 1 is smallest, 5 best. libfdk_aac only.',
      },
    },
    anyOf: [
      { not: { required: ['vbr'] } },
      {
        required: ['encoder'],
        properties: { encoder: { const: 'libfdk_aac' } },
        not: { required: ['bitrate'] },
      },
    ],
  },
  argv: ({ options, args, output, pcm, version, endless }) => [
    ...ffmpegInput({ endless }),
    '-c:a',
    String(options['encoder']),
    ...rateControl(options),
    ...args,
    '-fflags',
    '+bitexact',
    ...mp4Args({ pcm, version }),
    '-f',
    'ipod',
    '-y',
    output,
  ],
};

function rateControl(options: CodecOptions): readonly string[] {
  if (options['vbr'] !== undefined) return ['-vbr', String(options['vbr'])];
  return ['-b:a', `${String(options['bitrate'])}k`];
}
