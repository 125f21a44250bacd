import type { Positionals } from '../command.js';
import type { CommandHelp } from '../help.js';
import { CLASSIC_OPTIONS } from './options.js';

/** The classic form as the reader of arguments knows it. */
export const CLASSIC_TITLE: { readonly name: string; readonly positionals: Positionals } = {
  name: 'MODE[,MODE...]',
  positionals: { name: 'MODES and one folder IN', description: '', min: 2, max: 2 },
};

/** What `flac2all vorbis --help` prints. */
export const classicHelp: CommandHelp = {
  name: CLASSIC_TITLE.name,
  summary: 'converts a folder of FLAC files, as the classic flac2all does',
  usage: ['MODE[,MODE...] [options] -o OUT IN', 'MODE[,MODE...] -m [options] -o OUT IN'],
  description: [
    'Converts all FLAC files below IN into OUT, one folder a mode: OUT/vorbis/..., OUT/mp3/... Modes: mp3, vorbis, opus, flac, aac, aacplus, copy, test (a decode check), f:NAME for encoders of ffmpeg, all. What is up to date is left as it is; OUT/.flac2all remembers what was made. What stood there before is skipped, and taken over where it is whole. OUT/conversion_results.log tells what became of each file. `flac2all status -f OUT` (also --live), `verify -f OUT` and the like look at it.',
    'With -m it is a master: it waits for `flac2all_worker HOST`, on this machine or on others that see the same paths, and encodes nothing itself unless -t is given. Workers of the same user and home folder are let in by the key that the first master makes; others need one from `flac2all keys`, or --insecure.',
  ],
  options: CLASSIC_OPTIONS,
  examples: [
    { command: 'flac2all vorbis,mp3 -o Lossy Lossless', what: 'two formats, on all CPUs' },
    {
      command: 'flac2all vorbis -m --vorbis-options="quality=9" -o /srv/Lossy /srv/FLAC',
      what: 'be the master for workers of several machines',
    },
    {
      command: 'flac2all mp3 --lame-options="-preset extreme:q 0" -n m -o Lossy Lossless',
      what: 'options of lame; no folder for the mode',
    },
    { command: 'flac2all f:alac -C -o Lossy Lossless', what: 'ffmpeg, on the full screen' },
  ],
};
