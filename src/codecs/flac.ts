import type { EncoderCodec } from './codec.js';
import { flacProgram } from './programs.js';

/** FLAC again, at another level or within limits of rate, bits or channels. */
export const flac: EncoderCodec = {
  name: 'flac',
  kind: 'encode',
  summary: 'FLAC by flac, compressed again',
  extension: 'flac',
  container: 'flac',
  input: {},
  programs: [flacProgram],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      level: {
        type: 'integer',
        minimum: 0,
        maximum: 8,
        default: 8,
        examples: [5, 8],
        description: 'Compression level: 0 is fastest, 8 smallest.',
      },
      verify: {
        type: 'boolean',
        default: true,
        examples: [true, false],
        description: 'The encoder decodes what it wrote and compares.',
      },
    },
  },
  argv: ({ options, args, output, endless }) => [
    '--silent',
    '--force',
    '--no-preserve-modtime',
    ...(endless ? ['--ignore-chunk-sizes'] : []),
    '--lax',
    '--no-padding',
    `--compression-level-${String(options['level'])}`,
    ...(options['verify'] === false ? [] : ['--verify']),
    ...args,
    `--output-name=${output}`,
    '-',
  ],
};
