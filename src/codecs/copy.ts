import type { CopyCodec } from './codec.js';
import { flacProgram } from './programs.js';

/** The source as it is, after a decode check. */
export const copy: CopyCodec = {
  name: 'copy',
  kind: 'copy',
  summary: 'the same file, after a decode check',
  extension: undefined,
  programs: [flacProgram],
  options: { type: 'object', additionalProperties: false, properties: {} },
};
