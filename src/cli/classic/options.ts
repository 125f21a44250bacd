import { OUTPUT_OPTIONS } from '../common-options.js';
import type { OptionValues } from '../command.js';
import { MASTER_OPTIONS } from '../master-options.js';

/** `-v`, `-l` and `-a` are of the third version of the original. */
const OWN = {
  outdir: {
    type: 'string',
    short: 'o',
    placeholder: 'DIR',
    default: './',
    description: 'where the outputs go, a folder for each mode',
  },
  copy: { type: 'boolean', short: 'c', description: 'copy the files that are no FLAC too' },
  curses: { type: 'boolean', short: 'C', description: 'show the run on the whole screen' },
  force: {
    type: 'boolean',
    short: 'f',
    description: 'make every output again, whatever stands there',
  },
  'force-if-changed': {
    type: 'boolean',
    description: 'outputs of changed sources are made again, which is so anyway',
  },
  threads: {
    type: 'integer',
    short: 't',
    placeholder: 'N',
    min: 0,
    max: 1024,
    description: 'outputs made here at the same time; otherwise one per CPU, with --master none',
  },
  nodirs: {
    type: 'string',
    short: 'n',
    placeholder: 'WHICH',
    choices: ['d', 'm'],
    description: 'd: no folders at all; m: none for the modes',
  },
  'lame-options': {
    type: 'string',
    short: 'l',
    placeholder: 'LIST',
    default: '-preset standard:q 0',
    description: 'options of lame with colons between them, long ones with one dash',
  },
  'vorbis-options': {
    type: 'string',
    short: 'v',
    placeholder: 'LIST',
    default: 'quality=2',
    description: 'long options of oggenc without dashes, with colons between them',
  },
  'opus-options': {
    type: 'string',
    placeholder: 'LIST',
    default: 'vbr',
    description: 'long options of opusenc, likewise',
  },
  'flac-options': {
    type: 'string',
    placeholder: 'LIST',
    default: 'compression-level-5',
    description: 'long options of flac, likewise',
  },
  'aacplus-options': {
    type: 'string',
    short: 'a',
    placeholder: 'LIST',
    default: 'br 64',
    description: 'the bitrate in kbit/s',
  },
  'ffmpeg-options': {
    type: 'string',
    placeholder: 'LIST',
    default: '-b:a 128k',
    description: 'arguments of ffmpeg with commas between them',
  },
} as const;

const { verbose: _, ...OUTPUT } = OUTPUT_OPTIONS;

/** Options of the classic command line. */
export const CLASSIC_OPTIONS: typeof OWN &
  typeof MASTER_OPTIONS &
  Omit<typeof OUTPUT_OPTIONS, 'verbose'> = { ...OWN, ...MASTER_OPTIONS, ...OUTPUT };

export type ClassicValues = OptionValues<typeof CLASSIC_OPTIONS>;
