import type { AnalyseCodec } from './codec.js';
import { flacProgram } from './programs.js';

/** A decode check that leaves the analysis of `flac --analyze` behind. */
export const test: AnalyseCodec = {
  name: 'test',
  kind: 'analyse',
  summary: 'a decode check with an analysis report',
  extension: 'ana',
  programs: [flacProgram],
  options: { type: 'object', additionalProperties: false, properties: {} },
  argv: ({ source, ogg }) => [
    '--analyze',
    ...(ogg ? ['--ogg'] : []),
    '--silent',
    '--stdout',
    '--',
    source,
  ],
};
